package dev.tau.jobs.trace;

import dev.tau.jobs.spi.TraceTarget;

/** A sink of ours that has nothing to do with most events: to hand them over would wake two threads for each. */
interface Selective {
    /** Whether it records what is for a target. Returns at once and throws nothing. */
    boolean records(TraceTarget target);
}
