/** Tests of the statistics, the file and the comparison. */
@NullMarked
package dev.tau.jobs.bench.result;

import org.jspecify.annotations.NullMarked;
