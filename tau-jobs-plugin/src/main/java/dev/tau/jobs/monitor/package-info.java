/**
 * What the JDK's own tools show of a runtime: its transitions and slow changes of files in a flight recording, its counters as an
 * MBean. Where the JDK lacks these modules, nothing is shown and all else works.
 */
@NullMarked
package dev.tau.jobs.monitor;

import org.jspecify.annotations.NullMarked;
