/**
 * {@code tau-jobs bench}: what the tools cost a host that knows the SPI alone. Each figure stands beside its floor, the least
 * work that any implementation would have to do, since only the ratio of the two can be compared between machines.
 */
@NullMarked
package dev.tau.jobs.bench;

import org.jspecify.annotations.NullMarked;
