/** What runs in a whole JVM of its own. Each class prints what it measured, a line {@code name value} each. */
@NullMarked
package dev.tau.jobs.bench.process;

import org.jspecify.annotations.NullMarked;
