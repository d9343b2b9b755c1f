/** Tests of the report. */
@NullMarked
package dev.tau.jobs.bench.report;

import org.jspecify.annotations.NullMarked;
