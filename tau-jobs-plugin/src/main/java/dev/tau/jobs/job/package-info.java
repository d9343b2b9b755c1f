/**
 * The model: what a job is, and {@link dev.tau.jobs.job.Lifecycle}, the one place where a transition is decided. Imports
 * nothing of the other packages, reads no clock and does no I/O.
 */
@NullMarked
package dev.tau.jobs.job;

import org.jspecify.annotations.NullMarked;
