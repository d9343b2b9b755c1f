/**
 * The reliability kit: contract tests that an implementer of a {@link dev.tau.jobs.spi.Tool}, a {@link
 * dev.tau.jobs.spi.TraceSink} or a {@link dev.tau.jobs.store.JobStore} extends, jqwik arbitraries for what models and hosts
 * make up, a host on a temporary directory, and a JVM of its own to be killed.
 *
 * <p>Knows the SPI alone, but for what is for stores; the tools are found with {@link java.util.ServiceLoader}, so the
 * plugin must be on the class path where {@link dev.tau.jobs.testing.JobsHost} is used.
 */
@NullMarked
package dev.tau.jobs.testing;

import org.jspecify.annotations.NullMarked;
