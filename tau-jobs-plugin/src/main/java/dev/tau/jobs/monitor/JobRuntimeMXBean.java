package dev.tau.jobs.monitor;

import java.util.List;

/** The counters of state.json as a JMX client sees them, without their lag. Its names are documented in docs/monitoring.md. */
public interface JobRuntimeMXBean {
    /** {@return the state directory that the runtime owns} */
    String getStateDirectory();

    /** {@return jobs that wait} */
    long getQueueDepth();

    /** {@return jobs that run} */
    long getRunningJobs();

    /** {@return jobs ever created} */
    long getCreatedTotal();

    /** {@return starts ever made; more than one of a job that was recovered or retried} */
    long getStartedTotal();

    /** {@return jobs that ever succeeded} */
    long getSucceededTotal();

    /** {@return jobs that ever failed} */
    long getFailedTotal();

    /** {@return jobs that were ever cancelled} */
    long getCancelledTotal();

    /** {@return how often a file or directory was synced since the runtime was opened: what changes wait for to be durable} */
    long getStoreSyncCount();

    /** {@return how many seconds that took} */
    double getStoreSyncSeconds();

    /** {@return transitions since the runtime was opened that a trace sink failed to record} */
    long getLostTraceEvents();

    /** {@return the job of the last transition, or empty} */
    String getLastJobId();

    /** {@return the reason code of the last transition, or empty} */
    String getLastReasonCode();

    /** {@return the last 16 distinct codes, newest last} */
    List<String> getReasonCodes();

    /** {@return the last 24 lines, newest last} */
    List<String> getDiagnostics();
}
