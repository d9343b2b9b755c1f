/**
 * Processes and their output: {@link dev.tau.jobs.process.ProcessLauncher} is the port that starts them, {@link
 * dev.tau.jobs.process.ProcessTree} finds and ends everything that a job has started.
 */
@NullMarked
package dev.tau.jobs.process;

import org.jspecify.annotations.NullMarked;
