/** The tools of tau-jobs for Google's Agent Development Kit. One class: {@link dev.tau.jobs.adk.TauJobs}. */
@NullMarked
package dev.tau.jobs.adk;

import org.jspecify.annotations.NullMarked;
