package dev.tau.jobs.statedir;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.ManifestReader;
import dev.tau.jobs.store.SnapshotReader;
import dev.tau.jobs.store.StateDir;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows what happens in a state dir that somebody else may own, and changes nothing. It reads all manifests once, and then those
 * that the event log names: while nothing happens, a look costs the attributes of a few files. It reads all again when the counters
 * say that jobs were removed, or don't fit as an event could not be written, and, where there is no owner, when anybody has changed
 * something. For one thread.
 */
public final class StateDirWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StateDirWatch.class.getName());

    /** The owner shows a change 50 ms after its event, on a slow disk later. */
    private static final Duration SHOWN_AFTER = Duration.ofSeconds(3);
    /** The owner writes the counters 100 ms after a change. */
    private static final Duration COUNTED_AFTER = Duration.ofSeconds(1);
    /** To read all again takes a fiftieth of a processor at the most. */
    private static final int READ_ALL_PAUSE = 50;

    private static final Duration LEAST_PAUSE = Duration.ofSeconds(1);

    /** An event whose job has not been seen as it says. */
    private record Pending(long timestampUnixMs, long untilNanos) {}

    private final StateDirReader reader;
    private final StateDir dir;
    private final OwnerWatch owner;
    private final RoomWatch room;
    private final ManifestReader manifests;
    private final SnapshotReader snapshots;
    private final Map<JobId, JobRecord> jobs = new HashMap<>();
    private final Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
    private final Map<JobId, Pending> pending = new HashMap<>();

    private @Nullable EventTail events;
    private final Set<String> unreadable = new HashSet<>();
    private long readAllAt;
    private Duration readAllPause = LEAST_PAUSE;

    private Optional<Snapshot> counters = Optional.empty();
    private @Nullable Stamp countersStamp;
    private long countersChangedAt;
    private boolean compared = true;
    private Snapshot.Removed removedThen = Snapshot.Removed.NONE;
    /** Of what an owner alone changes. */
    private List<Optional<Stamp>> ownerlessStamps = List.of();

    StateDirWatch(StateDirReader reader, JsonCodec codec) throws IOException {
        this.reader = reader;
        this.dir = new StateDir(reader.directory());
        this.owner = new OwnerWatch(reader, dir);
        this.room = new RoomWatch(dir.root());
        this.manifests = new ManifestReader(reader.directory(), codec);
        this.snapshots = new SnapshotReader(reader.directory(), codec);
        look();
    }

    /**
     * Looks what has happened since the last look.
     *
     * @return whether anything has
     * @throws IOException if the directory can't be read
     */
    public boolean look() throws IOException {
        boolean changed = lookForCounters();
        changed |= room.look();
        if (owner.look() || events == null || events.hasMissedSome()) {
            readAll();
            return true;
        }
        if (owner.owner().isPresent()) {
            // Without one, what the last events are about may be in the journal alone, and was read with all else.
            changed |= takeEvents(events);
        }
        if (!isWithin(readAllPause, readAllAt) && mustReadAll()) {
            readAll();
            changed = true;
        }
        return changed;
    }

    private boolean mustReadAll() throws IOException {
        if (owner.owner().isEmpty()) {
            return !ownerlessStamps.equals(stampsOfOwnerless());
        }
        if (counters.isPresent() && !counters.get().removed().equals(removedThen)) {
            return true;
        }
        boolean mustCompare = !compared && pending.isEmpty() && !isWithin(COUNTED_AFTER, countersChangedAt);
        compared |= mustCompare;
        return mustCompare && !countersFit();
    }

    private List<Optional<Stamp>> stampsOfOwnerless() throws IOException {
        return List.of(
                Optional.ofNullable(Stamp.of(dir.jobs())),
                Optional.ofNullable(Stamp.of(dir.requests())),
                Optional.ofNullable(Stamp.of(dir.journal())));
    }

    private boolean lookForCounters() throws IOException {
        Stamp stamp = Stamp.of(dir.snapshot());
        if (stamp == null ? countersStamp == null : stamp.equals(countersStamp)) {
            return false;
        }
        try {
            counters = stamp == null ? Optional.empty() : Optional.of(snapshots.read());
        } catch (IOException e) {
            // doctor says what is wrong with it; the jobs are known without it. It is read again until it can be.
            LOG.log(System.Logger.Level.DEBUG, "state.json " + Failures.describe(e), e);
            boolean changed = counters.isPresent();
            counters = Optional.empty();
            return changed;
        }
        countersStamp = stamp;
        countersChangedAt = System.nanoTime();
        compared = false;
        return true;
    }

    private static boolean isWithin(Duration time, long sinceNanos) {
        return System.nanoTime() - sinceNanos < time.toNanos();
    }

    /** The events first, or one that comes meanwhile would be missed. What fails leaves all as it was, and is tried again. */
    private void readAll() throws IOException {
        long begin = System.nanoTime();
        close();
        EventTail tail = reader.latestEvents();
        try {
            List<Optional<Stamp>> stamps = stampsOfOwnerless();
            ManifestReader.Listing all = reader.all();
            jobs.clear();
            all.jobs().forEach(job -> jobs.put(job.id(), job));
            unreadable.clear();
            unreadable.addAll(all.unreadable());
            ownerlessStamps = stamps;
        } catch (IOException | RuntimeException e) {
            tail.close();
            throw e;
        }
        events = tail;
        pending.clear();
        removedThen = counters.map(Snapshot::removed).orElse(Snapshot.Removed.NONE);
        count();
        readAllAt = System.nanoTime();
        Duration pause = Duration.ofNanos((readAllAt - begin) * READ_ALL_PAUSE);
        readAllPause = pause.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : pause;
    }

    private boolean takeEvents(EventTail tail) throws IOException {
        long until = System.nanoTime() + SHOWN_AFTER.toNanos();
        for (List<LoggedEvent> some = tail.next(); !some.isEmpty(); some = tail.next()) {
            some.forEach(event -> pending.put(event.jobId(), new Pending(event.timestampUnixMs(), until)));
        }
        boolean changed = false;
        for (Iterator<Map.Entry<JobId, Pending>> all = pending.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<JobId, Pending> event = all.next();
            JobRecord job = read(event.getKey());
            changed |= job != null && unreadable.remove(event.getKey().value());
            JobRecord before = job == null ? jobs.remove(event.getKey()) : jobs.put(event.getKey(), job);
            changed |= job == null ? before != null : !job.equals(before);
            boolean seen = job != null
                    && job.state().updatedUnixMs() >= event.getValue().timestampUnixMs();
            if (seen || System.nanoTime() - event.getValue().untilNanos() > 0) {
                all.remove();
            }
        }
        if (changed) {
            count();
        }
        return changed;
    }

    private @Nullable JobRecord read(JobId id) {
        try {
            return manifests.get(id).map(JobRecord::withoutInput).orElse(null);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the manifest of " + id + " " + Failures.describe(e), e);
            return null;
        }
    }

    private boolean countersFit() {
        Snapshot snapshot = counters.orElse(null);
        if (snapshot == null) {
            return true;
        }
        Snapshot.Removed removed = snapshot.removed();
        return count(JobStatus.QUEUED) == snapshot.queueDepth()
                && count(JobStatus.RUNNING) == snapshot.runningJobs()
                && count(JobStatus.SUCCEEDED) == snapshot.succeededTotal() - removed.succeeded()
                && count(JobStatus.FAILED) == snapshot.failedTotal() - removed.failed()
                && count(JobStatus.CANCELLED) == snapshot.cancelledTotal() - removed.cancelled();
    }

    private void count() {
        counts.clear();
        jobs.values().forEach(job -> counts.merge(job.status(), 1L, Long::sum));
    }

    /**
     * How many jobs of a status there are, as of the last look.
     *
     * @param status the status
     * @return also 0
     */
    public long count(JobStatus status) {
        return counts.getOrDefault(status, 0L);
    }

    /**
     * How many jobs that ended so were removed as old ones, and are not among those of the last look.
     *
     * @param status how they ended
     * @return 0 also of jobs that have not ended, and if state.json can't be read
     */
    public long removed(JobStatus status) {
        return switch (status) {
            case QUEUED, RUNNING -> 0;
            case SUCCEEDED -> removedThen.succeeded();
            case FAILED -> removedThen.failed();
            case CANCELLED -> removedThen.cancelled();
        };
    }

    /** {@return the jobs as of the last look, in no order} */
    public Collection<JobRecord> jobs() {
        return Collections.unmodifiableCollection(jobs.values());
    }

    /**
     * One job.
     *
     * @param id its id
     * @return the job as of the last look; empty if there is none
     */
    public Optional<JobRecord> job(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** {@return the counters of state.json; empty if there are none, or none that can be read} */
    public Optional<Snapshot> counters() {
        return counters;
    }

    /** {@return of how many jobs nothing is known, as of when all were read last, as their manifests can't be read; doctor says why} */
    public int unreadable() {
        return unreadable.size();
    }

    /** {@return the room on the directory's disk if it is scarce, as of a second before the last look} */
    public Optional<Room> scarceRoom() {
        return room.scarce();
    }

    /** {@return whether the owner was stopped by a signal, so that it does nothing} */
    public boolean isOwnerStopped() {
        return owner.isStopped();
    }

    /** {@return the live process that owns the directory} */
    public Optional<Owner> owner() {
        return owner.owner();
    }

    /** {@return what reads the same directory} */
    public StateDirReader reader() {
        return reader;
    }

    @Override
    public void close() throws IOException {
        EventTail tail = events;
        events = null;
        if (tail != null) {
            tail.close();
        }
    }
}
