/**
 * Disks for tests: one that records, one that fails, and what a crash leaves of a recorded one. They stand in for
 * {@link dev.tau.jobs.file.Disk}, through which the state dir is changed.
 */
@NullMarked
package dev.tau.jobs.testing.disk;

import org.jspecify.annotations.NullMarked;
