/**
 * The runtime: takes requests, runs jobs in worker loops, recovers after a restart. The only package that knows store,
 * processes and traces together.
 */
@NullMarked
package dev.tau.jobs.runtime;

import org.jspecify.annotations.NullMarked;
