/**
 * Files and directories that only their owner can enter, and that are never reached through a link in their last part. What
 * store, processes and traces write, they make here.
 */
@NullMarked
package dev.tau.jobs.file;

import org.jspecify.annotations.NullMarked;
