package dev.tau.jobs.spi;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A checked request for a job that is not queued yet, as {@link JobGate}s see it. Holds no values of its environment. Immutable. */
public final class JobProposal {
    private final String command;
    private final List<String> args;
    private final Path directory;
    private final Set<String> variables;
    private final long timeoutMs;
    private final @Nullable String label;

    private JobProposal(Builder builder) {
        this.command = builder.command;
        this.args = builder.args;
        this.directory = builder.directory;
        this.variables = builder.variables;
        this.timeoutMs = builder.timeoutMs;
        this.label = builder.label;
    }

    /**
     * Starts a proposal.
     *
     * @param command the program; {@code sh} for a script
     * @param args its arguments; {@code -c}, the script, {@code sh} and what follows for a script
     * @param directory where it is to run, absolute
     * @return a builder
     */
    public static Builder builder(String command, List<String> args, Path directory) {
        return new Builder(command, args, directory);
    }

    /** {@return the program; {@code sh} for a script} */
    public String command() {
        return command;
    }

    /** {@return the program's arguments, immutable; of a script it is the second} */
    public List<String> args() {
        return args;
    }

    /** {@return the absolute directory where it is to run} */
    public Path directory() {
        return directory;
    }

    /** {@return the names of the variables that are added to the host's environment, immutable} */
    public Set<String> variables() {
        return variables;
    }

    /** {@return after how many milliseconds it is ended} */
    public long timeoutMs() {
        return timeoutMs;
    }

    /** {@return what it is called, or null} */
    public @Nullable String label() {
        return label;
    }

    /** Collects the parts of a {@link JobProposal}. Not safe for use by several threads. */
    public static final class Builder {
        private final String command;
        private final List<String> args;
        private final Path directory;
        private Set<String> variables = Set.of();
        private long timeoutMs;
        private @Nullable String label;

        private Builder(String command, List<String> args, Path directory) {
            this.command = Objects.requireNonNull(command, "command");
            this.args = List.copyOf(args);
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        /**
         * Sets the variables that are added to the host's environment.
         *
         * @param names their names; copied
         * @return this
         */
        public Builder variables(Set<String> names) {
            this.variables = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(names));
            return this;
        }

        /**
         * Sets after how long it is ended.
         *
         * @param ms milliseconds
         * @return this
         */
        public Builder timeoutMs(long ms) {
            this.timeoutMs = ms;
            return this;
        }

        /**
         * Sets what it is called.
         *
         * @param value a short name, or null
         * @return this
         */
        public Builder label(@Nullable String value) {
            this.label = value;
            return this;
        }

        /** {@return the proposal} */
        public JobProposal build() {
            return new JobProposal(this);
        }
    }
}
