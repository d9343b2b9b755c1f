package dev.tau.jobs.monitor;

import dev.tau.jobs.job.Snapshot;
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

    private final Path stateDir;
    private final Supplier<Snapshot> counters;
    private @Nullable ObjectName registered;
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

    /** Shows them, unless it is closed. The first MBean of a JVM takes some 50 ms: a start is not to wait for it. */
    public synchronized void register() {
        if (closed) {
            return;
        }
        try {
            ObjectName name = new ObjectName(
                    "dev.tau.jobs:type=JobRuntime,stateDirectory=" + ObjectName.quote(stateDir.toString()));
            ManagementFactory.getPlatformMBeanServer().registerMBean(new Counters(stateDir, counters), name);
            registered = name;
        } catch (JMException | RuntimeException | LinkageError e) {
            // A JDK without the module, a host that forbids it, or another copy of us that had the dir a moment ago.
            LOG.log(System.Logger.Level.DEBUG, "no MBean of " + stateDir, e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        ObjectName name = registered;
        registered = null;
        if (name != null) {
            try {
                ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
            } catch (JMException | RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "no MBean any more: " + name, e);
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
