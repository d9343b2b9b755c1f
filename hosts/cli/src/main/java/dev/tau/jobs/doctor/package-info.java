/**
 * Examines a state dir that nobody needs to have open: {@link dev.tau.jobs.doctor.StateDirDoctor} names what is wrong, and
 * mends what can be mended without loss. Each thing that can be wrong has a {@code Check} of its own.
 */
@NullMarked
package dev.tau.jobs.doctor;

import org.jspecify.annotations.NullMarked;
