package dev.tau.jobs.monitor;

import dev.tau.jobs.job.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
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
    private final Counted counted;
    private @Nullable Closeable registered;
    private boolean closed;

    /**
     * What is shown.
     *
     * @param snapshot tells the counters of state.json as they are now
     * @param syncs of the runtime's disk
     * @param lostTraceEvents tells how many transitions a trace sink failed to record
     */
    public record Counted(Supplier<Snapshot> snapshot, SyncTimes syncs, LongSupplier lostTraceEvents) {}

    /**
     * Nothing is shown yet.
     *
     * @param stateDir what the runtime owns
     * @param counted what is shown of it
     */
    public Management(Path stateDir, Counted counted) {
        this.stateDir = stateDir;
        this.counted = counted;
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
            registered = Beans.register(stateDir, counted);
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
        static Closeable register(Path stateDir, Counted counted) throws IOException {
            try {
                ObjectName name = new ObjectName(
                        "dev.tau.jobs:type=JobRuntime,stateDirectory=" + ObjectName.quote(stateDir.toString()));
                ManagementFactory.getPlatformMBeanServer().registerMBean(new Counters(stateDir, counted), name);
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

    private record Counters(Path stateDir, Counted counted) implements JobRuntimeMXBean {
        @Override
        public String getStateDirectory() {
            return stateDir.toString();
        }

        @Override
        public long getQueueDepth() {
            return counted.snapshot().get().queueDepth();
        }

        @Override
        public long getRunningJobs() {
            return counted.snapshot().get().runningJobs();
        }

        @Override
        public long getCreatedTotal() {
            return counted.snapshot().get().createdTotal();
        }

        @Override
        public long getStartedTotal() {
            return counted.snapshot().get().startedTotal();
        }

        @Override
        public long getSucceededTotal() {
            return counted.snapshot().get().succeededTotal();
        }

        @Override
        public long getFailedTotal() {
            return counted.snapshot().get().failedTotal();
        }

        @Override
        public long getCancelledTotal() {
            return counted.snapshot().get().cancelledTotal();
        }

        @Override
        public long getStoreSyncCount() {
            return counted.syncs().count();
        }

        @Override
        public double getStoreSyncSeconds() {
            return counted.syncs().seconds();
        }

        @Override
        public long getLostTraceEvents() {
            return counted.lostTraceEvents().getAsLong();
        }

        @Override
        public String getLastJobId() {
            return counted.snapshot().get().lastJobId();
        }

        @Override
        public String getLastReasonCode() {
            return counted.snapshot().get().lastReasonCode();
        }

        @Override
        public List<String> getReasonCodes() {
            return counted.snapshot().get().reasonCodes();
        }

        @Override
        public List<String> getDiagnostics() {
            return counted.snapshot().get().diagnostics();
        }
    }
}
