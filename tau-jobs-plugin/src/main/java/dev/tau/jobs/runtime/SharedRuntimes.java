package dev.tau.jobs.runtime;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.StateDirOwnedException;
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
        private volatile @Nullable JobService service;
        private @Nullable Thread hook;
        private @Nullable Successor successor;
        private boolean complained;
    }

    /** A tool's hold on the runtime of its state dir. */
    public static final class Lease implements AutoCloseable {
        private final JobsConfig config;
        private final ToolContext context;
        private boolean released;
        private volatile @Nullable Shared known;

        private Lease(JobsConfig config, ToolContext context) {
            this.config = config;
            this.context = context;
        }

        /**
         * The jobs of the state dir. If it could not be opened before, it is tried again.
         *
         * @return the open service: the owner of the dir, or a guest while another runtime owns it
         * @throws IOException if the state dir can't be used; the message says why
         */
        public JobService service() throws IOException {
            Shared shared = known;
            JobService opened = shared == null ? null : shared.service;
            return opened != null ? opened : findOrOpen();
        }

        private JobService findOrOpen() throws IOException {
            synchronized (OPEN) {
                Shared shared = OPEN.get(config.stateDir());
                if (released || shared == null) {
                    throw new IOException("the tool is closed");
                }
                JobService service = shared.service;
                if (service == null) {
                    service = open(shared);
                }
                known = shared;
                return service;
            }
        }

        private JobService open(Shared shared) throws IOException {
            try {
                JobRuntime owner = JobRuntime.open(config, context);
                own(shared, owner);
                return owner;
            } catch (StateDirOwnedException e) {
                LOG.log(System.Logger.Level.INFO, "state dir " + config.stateDir() + ": " + e.getMessage());
                GuestRuntime guest =
                        new GuestRuntime(config, context, config.json().codec(), Disk.local());
                shared.service = guest;
                shared.successor = Successor.waitFor(() -> takeOver(shared, guest));
                return guest;
            }
        }

        /** Returns whether there is nothing left to wait for. */
        private boolean takeOver(Shared shared, GuestRuntime guest) {
            synchronized (OPEN) {
                if (OPEN.get(config.stateDir()) != shared || shared.service != guest) {
                    return true;
                }
                try {
                    // The guest is not closed: who waits by it goes on reading the files that we write now.
                    own(shared, JobRuntime.takeOver(config, context, guest));
                    return true;
                } catch (StateDirOwnedException e) {
                    return false;
                } catch (IOException | RuntimeException | OutOfMemoryError e) {
                    // Out of threads, say: the jobs wait for an owner, so it is tried again.
                    LOG.log(System.Logger.Level.WARNING, "can't take over " + config.stateDir(), e);
                    return false;
                }
            }
        }

        private static void own(Shared shared, JobRuntime owner) {
            shared.service = owner;
            // A host that ends without closing must leave no process behind.
            shared.hook = new Thread(owner::close, "tau-jobs-shutdown");
            addHook(shared.hook);
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
                    if (last.successor != null) {
                        last.successor.close();
                    }
                    JobService service = last.service;
                    if (service != null) {
                        // Under the lock: the next open of this dir must find it free.
                        service.close();
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
            lease.service();
        } catch (IOException e) {
            // The calls will say it: jobs_runtime_unavailable. The log hears it from the first of the four tools.
            synchronized (OPEN) {
                if (!shared.complained) {
                    shared.complained = true;
                    LOG.log(System.Logger.Level.WARNING, "state dir " + config.stateDir() + ": " + e.getMessage());
                }
            }
        } catch (RuntimeException | Error e) {
            // Nobody gets this hold, so nobody gives it back.
            lease.close();
            throw e;
        }
        return lease;
    }
}
