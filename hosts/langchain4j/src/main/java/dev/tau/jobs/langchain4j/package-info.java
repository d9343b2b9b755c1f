/** The tools of tau-jobs for LangChain4j. One class: {@link dev.tau.jobs.langchain4j.TauJobs}. */
@NullMarked
package dev.tau.jobs.langchain4j;

import org.jspecify.annotations.NullMarked;
