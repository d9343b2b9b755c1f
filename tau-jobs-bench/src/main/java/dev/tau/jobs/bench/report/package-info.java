/** The report: Markdown, charts as SVG, and what became of each target. Made from results alone, so that it can be made anew. */
@NullMarked
package dev.tau.jobs.bench.report;

import org.jspecify.annotations.NullMarked;
