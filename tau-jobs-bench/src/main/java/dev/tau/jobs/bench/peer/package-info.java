/** Other ways to do the same work, and the bare ones that are floors. */
@NullMarked
package dev.tau.jobs.bench.peer;

import org.jspecify.annotations.NullMarked;
