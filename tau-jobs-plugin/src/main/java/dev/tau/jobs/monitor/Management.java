package dev.tau.jobs.monitor;

import dev.tau.jobs.job.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** A runtime's counters among the MBeans of its JVM, as {@code dev.tau.jobs:type=JobRuntime,stateDirectory="…"}. */
public final class Management implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Management.class.getName());
    /** A JDK may have been made without it. */
    private static final boolean POSSIBLE = isPossible();

    private final Path stateDir;
    private final Supplier<Snapshot> counters;
    private @Nullable Closeable registered;
    private boolean closed;

    /**
     * Nothing is shown yet.
     *
     * @param stateDir what the runtime owns
     * @param counters tells the counters as they are now
     */
    public Management(Path stateDir, Supplier<Snapshot> counters) {
        this.stateDir = stateDir;
        this.counters = counters;
    }

    private static boolean isPossible() {
        try {
            Class.forName("javax.management.JMException", false, Management.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Shows them, unless it is closed. The first MBean of a JVM takes some 50 ms: a start is not to wait for it. */
    public synchronized void register() {
        if (closed || !POSSIBLE) {
            return;
        }
        try {
            registered = Beans.register(stateDir, counters);
        } catch (IOException e) {
            // A host that forbids it, or another copy of us that had the directory a moment ago.
            LOG.log(System.Logger.Level.DEBUG, "no MBean of " + stateDir, e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        Closeable bean = registered;
        registered = null;
        if (bean != null) {
            try {
                bean.close();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "no MBean any more of " + stateDir, e);
            }
        }
    }

    /** Apart: whoever loads a class loads the exceptions that it catches, and these may not be there. */
    private static final class Beans {
        static Closeable register(Path stateDir, Supplier<Snapshot> counters) throws IOException {
            try {
                ObjectName name = new ObjectName(
                        "dev.tau.jobs:type=JobRuntime,stateDirectory=" + ObjectName.quote(stateDir.toString()));
                ManagementFactory.getPlatformMBeanServer().registerMBean(new Counters(stateDir, counters), name);
                return () -> unregister(name);
            } catch (JMException | RuntimeException e) {
                throw new IOException(e);
            }
        }

        private static void unregister(ObjectName name) throws IOException {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            } catch (JMException | RuntimeException e) {
                throw new IOException(e);
            }
        }
    }

    private record Counters(Path stateDir, Supplier<Snapshot> counters) implements JobRuntimeMXBean {
        @Override
        public String getStateDirectory() {
            return stateDir.toString();
        }

        @Override
        public long getQueueDepth() {
            return counters.get().queueDepth();
        }

        @Override
        public long getRunningJobs() {
            return counters.get().runningJobs();
        }

        @Override
        public long getCreatedTotal() {
            return counters.get().createdTotal();
        }

        @Override
        public long getStartedTotal() {
            return counters.get().startedTotal();
        }

        @Override
        public long getSucceededTotal() {
            return counters.get().succeededTotal();
        }

        @Override
        public long getFailedTotal() {
            return counters.get().failedTotal();
        }

        @Override
        public long getCancelledTotal() {
            return counters.get().cancelledTotal();
        }

        @Override
        public String getLastJobId() {
            return counters.get().lastJobId();
        }

        @Override
        public String getLastReasonCode() {
            return counters.get().lastReasonCode();
        }

        @Override
        public List<String> getReasonCodes() {
            return counters.get().reasonCodes();
        }

        @Override
        public List<String> getDiagnostics() {
            return counters.get().diagnostics();
        }
    }
}
