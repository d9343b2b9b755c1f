package dev.tau.jobs.runtime;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.file.Disk;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.store.StateDirOwnedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * One runtime a state dir and JVM, shared by the four tools: opened by the first that needs it, closed by the last.
 *
 * <p>Holds the only mutable static of the plugin: ServiceLoader makes each tool by itself, so there is no object that
 * could hand all four the same runtime.
 */
public final class SharedRuntimes {
    private static final System.Logger LOG = System.getLogger(SharedRuntimes.class.getName());
    private static final ConcurrentMap<Path, Shared> OPEN = new ConcurrentHashMap<>();

    private SharedRuntimes() {}

    /** What the tools of one state dir share. Whoever opens or closes it has its lock: other state dirs are not kept waiting. */
    private static final class Shared {
        private int leases;
        private volatile @Nullable JobService service;
        private @Nullable Thread hook;
        private @Nullable Successor successor;
        private boolean complained;
        /** Nobody gets it any more: who comes now opens the state dir anew. */
        private boolean isGone;
    }

    /** A tool's hold on the runtime of its state dir. */
    public static final class Lease implements AutoCloseable {
        private final JobsConfig config;
        private final ToolContext context;
        private final Shared shared;
        private volatile boolean released;

        private Lease(JobsConfig config, ToolContext context, Shared shared) {
            this.config = config;
            this.context = context;
            this.shared = shared;
        }

        /**
         * The jobs of the state dir. If it could not be opened before, it is tried again.
         *
         * @return the open service: the owner of the dir, or a guest while another runtime owns it
         * @throws IOException if the state dir can't be used; the message says why
         */
        public JobService service() throws IOException {
            JobService opened = released ? null : shared.service;
            return opened != null ? opened : findOrOpen();
        }

        private JobService findOrOpen() throws IOException {
            synchronized (shared) {
                if (released || shared.isGone) {
                    throw new IOException("the tool is closed");
                }
                JobService service = shared.service;
                return service == null ? open() : service;
            }
        }

        private JobService open() throws IOException {
            try {
                JobRuntime owner = JobRuntime.open(config, context);
                own(shared, owner);
                return owner;
            } catch (StateDirOwnedException e) {
                LOG.log(System.Logger.Level.INFO, "state dir " + config.stateDir() + ": " + e.getMessage());
                GuestRuntime guest =
                        new GuestRuntime(config, context, config.json().codec(), Disk.local());
                shared.service = guest;
                shared.successor = Successor.waitFor(() -> takeOver(guest));
                return guest;
            }
        }

        /** Returns whether there is nothing left to wait for. */
        private boolean takeOver(GuestRuntime guest) throws IOException {
            synchronized (shared) {
                if (shared.isGone || shared.service != guest) {
                    return true;
                }
                try {
                    // The guest is not closed: who waits by it goes on reading the files that we write now.
                    own(shared, JobRuntime.takeOver(config, context, guest));
                    return true;
                } catch (StateDirOwnedException e) {
                    return false;
                } catch (IOException | RuntimeException | OutOfMemoryError e) {
                    guest.goOn();
                    throw new IOException("can't take over " + config.stateDir() + ": " + e, e);
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
            synchronized (shared) {
                if (released) {
                    return;
                }
                released = true;
                shared.leases--;
                if (shared.leases == 0) {
                    closeLast();
                }
            }
        }

        /** With the lock: the next open of this dir must find it free. */
        private void closeLast() {
            try {
                if (shared.successor != null) {
                    shared.successor.close();
                }
                JobService service = shared.service;
                if (service != null) {
                    service.close();
                }
            } finally {
                shared.isGone = true;
                OPEN.remove(config.stateDir(), shared);
                if (shared.hook != null) {
                    removeHook(shared.hook);
                }
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
        Lease lease = hold(config, context);
        try {
            lease.service();
        } catch (IOException e) {
            // The calls will say it: jobs_runtime_unavailable. The log hears it from the first of the four tools.
            synchronized (lease.shared) {
                if (!lease.shared.complained) {
                    lease.shared.complained = true;
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

    private static Lease hold(JobsConfig config, ToolContext context) {
        while (true) {
            Shared shared = OPEN.computeIfAbsent(config.stateDir(), dir -> new Shared());
            synchronized (shared) {
                if (!shared.isGone) {
                    shared.leases++;
                    return new Lease(config, context, shared);
                }
            }
        }
    }
}
