/**
 * The tools of tau-jobs for Spring AI. {@link dev.tau.jobs.springai.TauJobsAutoConfiguration} makes
 * {@link dev.tau.jobs.springai.TauJobsTools} of the properties {@code tau.jobs.*}.
 */
@NullMarked
package dev.tau.jobs.springai;

import org.jspecify.annotations.NullMarked;
