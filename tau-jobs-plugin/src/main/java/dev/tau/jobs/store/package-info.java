/**
 * What survives: {@link dev.tau.jobs.store.JobStore} is the port, {@link dev.tau.jobs.store.FileJobStore} keeps it in a
 * state dir of plain files. Knows how jobs look on disk and in the index, not what may happen to them.
 */
@NullMarked
package dev.tau.jobs.store;

import org.jspecify.annotations.NullMarked;
