/** The JMH benchmarks: ours, the floor of each, and the peers that do the same work. One fork measures one of them. */
@NullMarked
package dev.tau.jobs.bench.jmh;

import org.jspecify.annotations.NullMarked;
