/**
 * Tells others: a fan-out to every {@link dev.tau.jobs.spi.TraceSink} off the jobs' critical path, and the two sinks of our
 * own, for the channel store and for the agent's session.
 */
@NullMarked
package dev.tau.jobs.trace;

import org.jspecify.annotations.NullMarked;
