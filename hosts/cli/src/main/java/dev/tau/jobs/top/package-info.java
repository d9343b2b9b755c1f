/**
 * {@code tau-jobs top}: {@link dev.tau.jobs.top.Top} looks at the state dirs and hears the keys; {@code Screen} knows what is shown,
 * {@code Choice} which job is chosen, {@code Board} what there is to show, {@code JobsPage} and
 * {@code OutputPane} draw it, and {@code JobLine} knows how a job looks.
 */
@NullMarked
package dev.tau.jobs.top;

import org.jspecify.annotations.NullMarked;
