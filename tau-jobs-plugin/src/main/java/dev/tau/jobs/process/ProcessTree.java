package dev.tau.jobs.process;

import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import dev.tau.jobs.process.ProcessTable.Entry;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds and ends every process that a job has started, those that changed session or parent too: the process itself while
 * its start time is the recorded one, what runs in its session or group, what has inherited the job's mark, control group or
 * outputs, and all their descendants. Nothing else is ever signalled.
 */
public final class ProcessTree {
    private static final System.Logger LOG = System.getLogger(ProcessTree.class.getName());
    /** A process in uninterruptible sleep does not go, whatever it is sent. */
    private static final Duration GIVE_UP_AFTER_KILL = Duration.ofSeconds(5);

    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ProcessTable table;

    /**
     * A tree over a table.
     *
     * @param table the processes of this machine
     */
    public ProcessTree(ProcessTable table) {
        this.table = table;
    }

    /**
     * Whose processes to end.
     *
     * @param marker marks them
     * @param root the process that we started, null if it is not known
     * @param run what is known if this runtime has started the root, null if another one has
     */
    public record Job(
            JobMarker marker,
            @Nullable ProcessIdentity root,
            @Nullable Run run) {}

    /**
     * A start by this runtime.
     *
     * @param startedNanos when, as {@link System#nanoTime} just before
     * @param session the process that leads the root's session; nothing else of that session is anybody else's
     */
    public record Run(long startedNanos, long session) {}

    /**
     * Ends all processes of some jobs: SIGTERM to each, and SIGKILL to what is left after the grace. Returns at once if
     * there are none.
     *
     * @param jobs whose
     * @param grace between the two signals
     * @return how many were signalled
     */
    public int end(List<Job> jobs, Duration grace) {
        Set<Entry> signalled = new HashSet<>();
        Whose whose = new Whose(jobs);
        long begin = System.nanoTime();
        long pause = TimeUnit.MILLISECONDS.toNanos(1);
        while (true) {
            Map<Long, Entry> alive = membersOf(jobs, whose);
            if (alive.isEmpty()) {
                return signalled.size();
            }
            long passed = System.nanoTime() - begin;
            boolean kill = passed >= grace.toNanos();
            if (passed > grace.plus(GIVE_UP_AFTER_KILL).toNanos()) {
                LOG.log(System.Logger.Level.WARNING, "processes that can't be ended: " + alive.keySet());
                return signalled.size();
            }
            for (Entry entry : alive.values()) {
                if (signalled.add(entry) || kill) {
                    signal(entry, kill);
                }
            }
            // Not one of these processes need be our child, so there is nothing to wait on.
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, MAX_PAUSE_NANOS);
        }
    }

    private void signal(Entry entry, boolean kill) {
        // ProcessHandle remembers the start time it saw and checks it again when it sends: no reused pid is hit.
        ProcessHandle.of(entry.pid()).ifPresent(handle -> {
            if (!table.identify(entry.pid()).start().equals(entry.start())) {
                return;
            }
            boolean sent = kill ? handle.destroyForcibly() : handle.destroy();
            LOG.log(System.Logger.Level.DEBUG, "signalled " + entry.pid() + ": " + sent);
        });
    }

    private Map<Long, Entry> membersOf(List<Job> jobs, Whose whose) {
        List<Entry> all = candidates(jobs);
        whose.forgetEmptySessions(all);
        Map<Long, Entry> members = new LinkedHashMap<>();
        long self = ProcessHandle.current().pid();
        for (Entry entry : all) {
            if (entry.pid() != self && whose.includes(entry)) {
                members.put(entry.pid(), entry);
            }
        }
        boolean grown = !members.isEmpty();
        while (grown) {
            grown = false;
            for (Entry entry : all) {
                if (members.containsKey(entry.parent()) && !members.containsKey(entry.pid()) && entry.pid() != self) {
                    members.put(entry.pid(), entry);
                    grown = true;
                }
            }
        }
        return members;
    }

    private List<Entry> candidates(List<Job> jobs) {
        Job one = jobs.size() == 1 ? jobs.get(0) : null;
        ProcessIdentity root = one == null ? null : one.root();
        Run run = one == null ? null : one.run();
        return root == null || run == null
                ? table.snapshot()
                : table.startedSince(root.pid(), Duration.ofNanos(System.nanoTime() - run.startedNanos()));
    }

    /** Some jobs, such that a process is asked once for all of them. */
    private final class Whose {
        private final Set<JobMarker> markers = new HashSet<>();
        private final Set<String> stateDirs = new HashSet<>();
        private final Set<ProcessIdentity> roots = new HashSet<>();
        /** Groups and sessions that are known to be a job's, by the id of the process that leads them. */
        private final Set<Long> sessions = new HashSet<>();
        /** Those in which nobody was seen at the last look. */
        private final Set<Long> seenEmpty = new HashSet<>();

        Whose(List<Job> jobs) {
            for (Job job : jobs) {
                markers.add(job.marker());
                stateDirs.add(job.marker().stateDir());
                ProcessIdentity root = job.root();
                if (root != null) {
                    roots.add(root);
                }
                Run run = job.run();
                if (run != null) {
                    sessions.add(run.session());
                }
            }
        }

        /**
         * The number of a session without processes may be given to somebody else's. A look may miss what is started while it is
         * taken, so it takes two.
         */
        void forgetEmptySessions(List<Entry> all) {
            Set<Long> empty = new HashSet<>(sessions);
            for (Entry entry : all) {
                empty.remove(entry.session());
                empty.remove(entry.group());
            }
            seenEmpty.retainAll(empty);
            sessions.removeAll(seenEmpty);
            seenEmpty.addAll(empty);
        }

        boolean includes(Entry entry) {
            if (roots.contains(new ProcessIdentity(entry.pid(), entry.start()))) {
                return true;
            }
            // The system gives no pid anew while it is some session's or group's id. But once the root was gone for a
            // while, somebody else may have had its pid and led a session of that number.
            boolean sameSession = sessions.contains(entry.session()) || sessions.contains(entry.group());
            if (sameSession && !sessions.contains(entry.pid())) {
                return true;
            }
            return stateDirs.stream()
                    .anyMatch(dir -> table.jobOf(entry.pid(), dir)
                            .filter(id -> markers.contains(new JobMarker(id, dir)))
                            .isPresent());
        }
    }
}
