package dev.tau.jobs.spi;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a host gives its tools: settings, directories and a class loader. Immutable. */
public final class ToolContext {
    private static final String VARIABLE_PREFIX = "TAU_";
    private static final Set<String> REPEATABLE = Set.of("jobs-allow-command");

    private final Map<String, String> settings;
    private final Map<String, String> origins;
    private final Path workingDirectory;
    private final List<Path> allowedRoots;
    private final ClassLoader classLoader;
    private final InstantSource clock;
    private final List<JobListener> jobListeners;

    private ToolContext(Builder builder) {
        this.settings = Collections.unmodifiableMap(new LinkedHashMap<>(builder.settings));
        this.origins = Map.copyOf(builder.origins);
        this.workingDirectory = builder.workingDirectory.toAbsolutePath().normalize();
        this.allowedRoots = builder.allowedRoots.isEmpty()
                ? List.of(this.workingDirectory)
                : builder.allowedRoots.stream()
                        .map(root -> this.workingDirectory.resolve(root).normalize())
                        .toList();
        this.classLoader = builder.classLoader != null ? builder.classLoader : defaultClassLoader();
        this.clock = builder.clock;
        this.jobListeners = List.copyOf(builder.jobListeners);
    }

    private static ClassLoader defaultClassLoader() {
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        return ofThread != null ? ofThread : ClassLoader.getSystemClassLoader();
    }

    /** {@return a builder without settings that reads no environment, in the current working directory} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The settings of this process: its {@code TAU_…} environment variables, and on top of them command-line flags.
     * {@code TAU_JOBS_STATE_DIR} becomes the setting {@code jobs-state-dir}.
     *
     * @param flags {@code --name=value}, {@code --name value}, or {@code --name} for true; of a flag that is given again the
     *     last one counts, but {@code --jobs-allow-command} adds up to one setting with a pattern a line
     * @return the context, in the current working directory
     * @throws IllegalArgumentException if an argument is neither a flag nor the value of one
     */
    public static ToolContext fromEnvironment(String... flags) {
        return fromEnvironment(System.getenv(), flags);
    }

    static ToolContext fromEnvironment(Map<String, String> environment, String... flags) {
        Builder builder = new Builder();
        environment.forEach((name, value) -> {
            if (name.startsWith(VARIABLE_PREFIX)) {
                String key = name.substring(VARIABLE_PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                builder.put(key, value, name);
            }
        });
        for (int i = 0; i < flags.length; i++) {
            String flag = flags[i];
            if (!flag.startsWith("--") || flag.length() == 2) {
                throw new IllegalArgumentException("expected a flag such as --jobs-workers=4, found: " + flag);
            }
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            String value;
            if (equals >= 0) {
                value = flag.substring(equals + 1);
            } else if (i + 1 < flags.length && !flags[i + 1].startsWith("--")) {
                value = flags[++i];
            } else {
                value = "true";
            }
            String key = name.substring(2);
            boolean again = REPEATABLE.contains(key) && name.equals(builder.origins.get(key));
            builder.put(key, again ? builder.settings.get(key) + "\n" + value : value, name);
        }
        return builder.build();
    }

    /** {@return a builder that starts with everything this context holds} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.settings.putAll(settings);
        builder.origins.putAll(origins);
        builder.workingDirectory = workingDirectory;
        builder.allowedRoots.addAll(allowedRoots.equals(List.of(workingDirectory)) ? List.of() : allowedRoots);
        builder.classLoader = classLoader;
        builder.clock = clock;
        builder.jobListeners.addAll(jobListeners);
        return builder;
    }

    /** {@return the settings, by flag name without the dashes in front, such as {@code jobs-state-dir}} */
    public Map<String, String> settings() {
        return settings;
    }

    /**
     * Where a setting came from, for messages.
     *
     * @param key a key of {@link #settings()}
     * @return {@code --jobs-workers}, {@code TAU_JOBS_WORKERS}, or {@code setting jobs-workers}
     */
    public String origin(String key) {
        return origins.getOrDefault(key, "setting " + key);
    }

    /** {@return the absolute directory that relative paths start from} */
    public Path workingDirectory() {
        return workingDirectory;
    }

    /** {@return the absolute directories that a model's paths must stay in; never empty} */
    public List<Path> allowedRoots() {
        return allowedRoots;
    }

    /** {@return where plugins of the host are looked for} */
    public ClassLoader classLoader() {
        return classLoader;
    }

    /** {@return who is told of the end of each job, besides those of the class path; immutable} */
    public List<JobListener> jobListeners() {
        return jobListeners;
    }

    /** {@return what tells the wall time, for what is recorded; no deadline may depend on it, since it may jump} */
    public InstantSource clock() {
        return clock;
    }

    /** Collects the parts of a {@link ToolContext}. Not safe for use by several threads. */
    public static final class Builder {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, String> origins = new LinkedHashMap<>();
        private Path workingDirectory = Path.of("");
        private final List<Path> allowedRoots = new ArrayList<>();
        private @Nullable ClassLoader classLoader;
        private InstantSource clock = InstantSource.system();
        private final List<JobListener> jobListeners = new ArrayList<>();

        private Builder() {}

        private void put(String key, String value, String origin) {
            settings.put(key, value);
            origins.put(key, origin);
        }

        /**
         * Sets a setting.
         *
         * @param key a flag's name without the dashes in front, such as {@code jobs-state-dir}
         * @param value its value, checked when a tool is opened
         * @return this
         */
        public Builder setting(String key, String value) {
            put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"), "setting " + key);
            return this;
        }

        /**
         * Sets the directory that relative paths start from; the default is the process's.
         *
         * @param directory the directory
         * @return this
         */
        public Builder workingDirectory(Path directory) {
            this.workingDirectory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Adds a directory that a model's paths may lie in. The first one given replaces the default, which is the
         * working directory.
         *
         * @param root a directory
         * @return this
         */
        public Builder allowedRoot(Path root) {
            allowedRoots.add(Objects.requireNonNull(root, "root"));
            return this;
        }

        /**
         * Sets where plugins are looked for; the default is the context class loader of the thread that builds.
         *
         * @param loader the class loader
         * @return this
         */
        public Builder classLoader(ClassLoader loader) {
            this.classLoader = Objects.requireNonNull(loader, "loader");
            return this;
        }

        /**
         * Sets what tells the wall time; the default is the system's clock. For tests that turn it by hand.
         *
         * @param source the clock
         * @return this
         */
        public Builder clock(InstantSource source) {
            this.clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Adds somebody who is told of the end of each job. Of several contexts on one state directory in one JVM, the
         * listeners of the one that opens it are told.
         *
         * @param listener the listener
         * @return this
         */
        public Builder jobListener(JobListener listener) {
            jobListeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /** {@return the context} */
        public ToolContext build() {
            return new ToolContext(this);
        }
    }
}
