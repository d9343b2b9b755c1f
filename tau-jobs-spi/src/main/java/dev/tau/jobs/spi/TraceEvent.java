package dev.tau.jobs.spi;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One transition of one job, as {@link TraceSink}s see it. Never holds values of the job's environment. Immutable. */
public final class TraceEvent {
    private final long timestampUnixMs;
    private final long createdUnixMs;
    private final @Nullable Long startedUnixMs;
    private final String jobId;
    private final String event;
    private final String status;
    private final String reasonCode;
    private final String detail;
    private final String command;
    private final List<String> args;
    private final @Nullable Integer exitCode;
    private final String stdoutPath;
    private final String stderrPath;
    private final TraceTarget target;

    private TraceEvent(Builder builder) {
        this.timestampUnixMs = builder.timestampUnixMs;
        this.createdUnixMs = builder.createdUnixMs;
        this.startedUnixMs = builder.startedUnixMs;
        this.jobId = builder.jobId;
        this.event = builder.event;
        this.status = builder.status;
        this.reasonCode = builder.reasonCode;
        this.detail = builder.detail;
        this.command = builder.command;
        this.args = builder.args;
        this.exitCode = builder.exitCode;
        this.stdoutPath = builder.stdoutPath;
        this.stderrPath = builder.stderrPath;
        this.target = builder.target;
    }

    /**
     * Starts an event.
     *
     * @param jobId the job
     * @param event what happened: created, started, succeeded, failed, cancelled, cancel_requested or recovered
     * @param timestampUnixMs when, in milliseconds since 1970-01-01 UTC
     * @return a builder
     */
    public static Builder builder(String jobId, String event, long timestampUnixMs) {
        return new Builder(jobId, event, timestampUnixMs);
    }

    /** {@return when it happened, in milliseconds since 1970-01-01 UTC} */
    public long timestampUnixMs() {
        return timestampUnixMs;
    }

    /** {@return when the job was created, in milliseconds since 1970-01-01 UTC} */
    public long createdUnixMs() {
        return createdUnixMs;
    }

    /**
     * {@return when the run was started that goes on or has just ended it, in milliseconds since 1970-01-01 UTC; null while it is
     * queued, also for another run, and if it ended from there}
     */
    public @Nullable Long startedUnixMs() {
        return startedUnixMs;
    }

    /** {@return the job} */
    public String jobId() {
        return jobId;
    }

    /** {@return created, started, succeeded, failed, cancelled, cancel_requested or recovered} */
    public String event() {
        return event;
    }

    /** {@return the status that it led to: queued, running, succeeded, failed or cancelled} */
    public String status() {
        return status;
    }

    /** {@return the lifecycle code, such as {@code job_timeout}} */
    public String reasonCode() {
        return reasonCode;
    }

    /** {@return one sentence for people} */
    public String detail() {
        return detail;
    }

    /** {@return the program that the job runs} */
    public String command() {
        return command;
    }

    /** {@return the program's arguments, immutable} */
    public List<String> args() {
        return args;
    }

    /** {@return the exit code, or null if there is none (yet)} */
    public @Nullable Integer exitCode() {
        return exitCode;
    }

    /** {@return the absolute path of the file that gets the job's standard output; empty if the job is gone already, see {@link JobListener}} */
    public String stdoutPath() {
        return stdoutPath;
    }

    /** {@return the absolute path of the file that gets the job's standard error; empty if the job is gone already, see {@link JobListener}} */
    public String stderrPath() {
        return stderrPath;
    }

    /** {@return the channel and session that the job reports to} */
    public TraceTarget target() {
        return target;
    }

    /** Collects the parts of a {@link TraceEvent}. Not safe for use by several threads. */
    public static final class Builder {
        private final String jobId;
        private final String event;
        private final long timestampUnixMs;
        private long createdUnixMs;
        private @Nullable Long startedUnixMs;
        private String status = "";
        private String reasonCode = "";
        private String detail = "";
        private String command = "";
        private List<String> args = List.of();
        private @Nullable Integer exitCode;
        private String stdoutPath = "";
        private String stderrPath = "";
        private TraceTarget target = TraceTarget.none();

        private Builder(String jobId, String event, long timestampUnixMs) {
            this.jobId = Objects.requireNonNull(jobId, "jobId");
            this.event = Objects.requireNonNull(event, "event");
            this.timestampUnixMs = timestampUnixMs;
            this.createdUnixMs = timestampUnixMs;
        }

        /**
         * Sets when the job was created and started.
         *
         * @param created as {@link #createdUnixMs()}; without this method, when the event happened
         * @param started as {@link #startedUnixMs()}
         * @return this
         */
        public Builder times(long created, @Nullable Long started) {
            this.createdUnixMs = created;
            this.startedUnixMs = started;
            return this;
        }

        /**
         * Sets what the event led to.
         *
         * @param statusValue the status
         * @param reason the lifecycle code
         * @param sentence one sentence for people
         * @return this
         */
        public Builder outcome(String statusValue, String reason, String sentence) {
            this.status = Objects.requireNonNull(statusValue, "status");
            this.reasonCode = Objects.requireNonNull(reason, "reasonCode");
            this.detail = Objects.requireNonNull(sentence, "detail");
            return this;
        }

        /**
         * Sets what the job runs.
         *
         * @param program the program
         * @param arguments its arguments; copied
         * @return this
         */
        public Builder command(String program, List<String> arguments) {
            this.command = Objects.requireNonNull(program, "command");
            this.args = List.copyOf(arguments);
            return this;
        }

        /**
         * Sets the exit code.
         *
         * @param code the code, or null if there is none (yet)
         * @return this
         */
        public Builder exitCode(@Nullable Integer code) {
            this.exitCode = code;
            return this;
        }

        /**
         * Sets where the job's output goes.
         *
         * @param stdout the file of its standard output
         * @param stderr the file of its standard error
         * @return this
         */
        public Builder output(String stdout, String stderr) {
            this.stdoutPath = Objects.requireNonNull(stdout, "stdout");
            this.stderrPath = Objects.requireNonNull(stderr, "stderr");
            return this;
        }

        /**
         * Sets the channel and session that the job reports to.
         *
         * @param value the target
         * @return this
         */
        public Builder target(TraceTarget value) {
            this.target = Objects.requireNonNull(value, "target");
            return this;
        }

        /** {@return the event} */
        public TraceEvent build() {
            return new TraceEvent(this);
        }
    }
}
