package dev.tau.jobs.runtime;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.spi.ToolContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One runtime a state dir and JVM, shared by the four tools: opened by the first that needs it, closed by the last.
 *
 * <p>Holds the only mutable static of the plugin: ServiceLoader makes each tool by itself, so there is no object that
 * could hand all four the same runtime.
 */
public final class SharedRuntimes {
    private static final System.Logger LOG = System.getLogger(SharedRuntimes.class.getName());
    private static final Map<Path, Shared> OPEN = new HashMap<>();

    private SharedRuntimes() {}

    private static final class Shared {
        private int leases;
        private @Nullable JobRuntime runtime;
        private @Nullable Thread hook;
        private boolean complained;
    }

    /** A tool's hold on the runtime of its state dir. */
    public static final class Lease implements AutoCloseable {
        private final JobsConfig config;
        private final ToolContext context;
        private boolean released;
        private volatile @Nullable JobRuntime known;

        private Lease(JobsConfig config, ToolContext context) {
            this.config = config;
            this.context = context;
        }

        /**
         * The runtime. If it could not be opened before, it is tried again: an owner that is gone leaves the dir free.
         *
         * @return the open runtime
         * @throws IOException if the state dir can't be used; the message says why
         */
        public JobRuntime runtime() throws IOException {
            JobRuntime opened = known;
            return opened != null ? opened : findOrOpen();
        }

        private JobRuntime findOrOpen() throws IOException {
            synchronized (OPEN) {
                Shared shared = OPEN.get(config.stateDir());
                if (released || shared == null) {
                    throw new IOException("the tool is closed");
                }
                if (shared.runtime == null) {
                    JobRuntime opened = JobRuntime.open(config, context);
                    shared.runtime = opened;
                    // A host that ends without closing must leave no process behind.
                    shared.hook = new Thread(opened::close, "tau-jobs-shutdown");
                    addHook(shared.hook);
                }
                known = shared.runtime;
                return shared.runtime;
            }
        }

        @Override
        public void close() {
            Shared last = null;
            synchronized (OPEN) {
                Shared shared = OPEN.get(config.stateDir());
                if (released || shared == null) {
                    return;
                }
                released = true;
                known = null;
                shared.leases--;
                if (shared.leases == 0) {
                    last = shared;
                    if (last.runtime != null) {
                        // Under the lock: the next open of this dir must find it free.
                        last.runtime.close();
                    }
                    OPEN.remove(config.stateDir());
                }
            }
            if (last != null && last.hook != null) {
                removeHook(last.hook);
            }
        }
    }

    private static void addHook(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "opened while the JVM ends", e);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed while the JVM ends", e);
        }
    }

    /**
     * Takes a hold on the runtime of a state dir and tries to open it.
     *
     * @param config the settings; of several tools on one state dir, those of the first count
     * @param context the host's
     * @return the hold
     */
    public static Lease lease(JobsConfig config, ToolContext context) {
        Lease lease = new Lease(config, context);
        Shared shared;
        synchronized (OPEN) {
            shared = OPEN.computeIfAbsent(config.stateDir(), dir -> new Shared());
            shared.leases++;
        }
        try {
            lease.runtime();
        } catch (IOException e) {
            // The calls will say it: jobs_runtime_unavailable. The log hears it from the first of the four tools.
            synchronized (OPEN) {
                if (!shared.complained) {
                    shared.complained = true;
                    LOG.log(System.Logger.Level.WARNING, "state dir " + config.stateDir() + ": " + e.getMessage());
                }
            }
        }
        return lease;
    }
}
