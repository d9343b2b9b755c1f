/**
 * The driver: which contestants take turns, in how many rounds, and which figures come of it. Contestants run in processes
 * of their own, JMH forks or whole hosts; nothing is measured in the driver's JVM.
 */
@NullMarked
package dev.tau.jobs.bench.suite;

import org.jspecify.annotations.NullMarked;
