package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.json.InvalidJsonException;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the journal says that earlier runtimes have left: of each job the last change. A manifest that is not there, not whole
 * or older is the one that a crash has left behind; one that is newer, or that somebody else has written since, stands.
 */
public final class JournalReplay {
    private static final System.Logger LOG = System.getLogger(JournalReplay.class.getName());
    /** Many times what a segment of ours has; a longer file is none. */
    private static final int MAX_SEGMENT_BYTES = 256 << 20;

    private final StateDir dir;
    private final JsonCodec codec;
    private final Map<JobId, Last> last = new LinkedHashMap<>();
    private final Map<Path, Set<JobId>> segments = new LinkedHashMap<>();
    private final List<Path> strange = new ArrayList<>();
    private final Map<Path, byte[]> damaged = new LinkedHashMap<>();
    private final Set<JobId> unreadable = new LinkedHashSet<>();
    private long highest;

    /** Of a job's last change, where it is to be read: all of them at once could fill the memory. */
    private record Last(long number, Path segment) {}

    private JournalReplay(StateDir dir, JsonCodec codec) {
        this.dir = dir;
        this.codec = codec;
    }

    /**
     * Reads the journal of a state dir, changing nothing.
     *
     * @param dir the state dir
     * @param codec reads its manifests
     * @return the journal as it is now
     * @throws IOException if it can't be read
     */
    public static JournalReplay read(StateDir dir, JsonCodec codec) throws IOException {
        JournalReplay replay = new JournalReplay(dir, codec);
        if (Files.isDirectory(dir.journal(), LinkOption.NOFOLLOW_LINKS)) {
            List<Path> files = StateDir.list(dir.journal(), "*");
            Collections.sort(files);
            for (Path file : files) {
                replay.readSegment(file);
            }
        }
        return replay;
    }

    private void readSegment(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (!name.matches("0[0-9]{15}\\" + Journal.SUFFIX)
                || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                || Files.size(file) > MAX_SEGMENT_BYTES) {
            strange.add(file);
            return;
        }
        saw(Long.parseLong(name.substring(0, name.length() - Journal.SUFFIX.length())));
        Set<JobId> jobs = new LinkedHashSet<>();
        for (JournalEntry entry : decode(file)) {
            jobs.add(entry.id());
            saw(entry.number());
            last.merge(entry.id(), new Last(entry.number(), file), (a, b) -> b.number() > a.number() ? b : a);
        }
        segments.put(file, jobs);
    }

    private List<JournalEntry> decode(Path file) throws IOException {
        List<JournalEntry> entries = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readAllBytes();
            int whole = JournalEntry.decodeAll(content, entries);
            int next = JournalEntry.decodeBehind(content, whole, entries);
            // Manifests are text: where there are zeros, something is missing that nobody was told of.
            if (next >= 0 && !JournalEntry.isUnwritten(content, whole, next)) {
                damaged.put(file, content);
            }
        }
        return entries;
    }

    /** A number that is taken. */
    void saw(long number) {
        highest = Math.max(highest, number);
    }

    /** {@return files in the journal's directory that are no part of it} */
    public List<Path> strange() {
        return List.copyOf(strange);
    }

    /** {@return segments with an entry that can't be read before others that can, and what they hold} */
    public Map<Path, byte[]> damaged() {
        return damaged;
    }

    /** {@return jobs of which {@link #missed} could not tell whether their manifests lack a change} */
    Set<JobId> unreadable() {
        return unreadable;
    }

    /** {@return its files, oldest first} */
    Set<Path> segments() {
        return segments.keySet();
    }

    /** {@return the jobs that it names} */
    Set<JobId> jobs() {
        return Set.copyOf(last.keySet());
    }

    /**
     * The changes that the files of jobs lack.
     *
     * @param removing jobs that are counted as removed already: what the journal says of them does not matter any more
     * @return by job
     * @throws IOException if the journal can't be read
     */
    public Map<JobId, JournalEntry> missed(Set<JobId> removing) throws IOException {
        Map<Path, Map<JobId, Last>> suspects = new LinkedHashMap<>();
        try (InOrder<Map.Entry<JobId, Last>, Boolean> looking = new InOrder<>(
                change -> numberOnDisk(change.getKey()) < change.getValue().number(), (change, isSuspect) -> {
                    if (isSuspect) {
                        suspects.computeIfAbsent(change.getValue().segment(), segment -> new LinkedHashMap<>())
                                .put(change.getKey(), change.getValue());
                    }
                })) {
            last.entrySet().stream()
                    .filter(change -> !removing.contains(change.getKey()))
                    .forEach(looking::add);
            looking.finish();
        }
        Map<JobId, JournalEntry> missed = new LinkedHashMap<>();
        for (Map.Entry<Path, Map<JobId, Last>> segment : suspects.entrySet()) {
            for (JournalEntry entry : decode(segment.getKey())) {
                Last change = segment.getValue().get(entry.id());
                if (change != null && change.number() == entry.number() && isMissed(entry)) {
                    missed.put(entry.id(), entry);
                }
            }
        }
        return missed;
    }

    /** 0 if there is none. */
    private long numberOnDisk(JobId id) {
        try {
            Path file = dir.manifest(id);
            Map<String, @Nullable Object> content = codec.read(BoundedFiles.read(file));
            ManifestReader.parse(file, content);
            return ManifestFormat.number(content);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.TRACE, "to be looked at: " + id, e);
            return 0;
        }
    }

    private boolean isMissed(JournalEntry entry) {
        Path file = dir.manifest(entry.id());
        if (!StateDir.exists(file)) {
            return entry.manifest() != null
                    || StateDir.exists(dir.stdout(entry.id()))
                    || StateDir.exists(dir.stderr(entry.id()));
        }
        try {
            Map<String, @Nullable Object> content = codec.read(BoundedFiles.read(file));
            JobRecord found = ManifestReader.parse(file, content);
            long number = ManifestFormat.number(content);
            // Without a number an older version has written it, before the change, or somebody else, after it.
            return number > 0 ? entry.number() > number : !isOlder(entry, found);
        } catch (InvalidFileException e) {
            return !e.isNewer();
        } catch (InvalidJsonException e) {
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "it may be good: " + file, e);
            unreadable.add(entry.id());
            return false;
        }
    }

    private boolean isOlder(JournalEntry entry, JobRecord found) {
        byte[] manifest = entry.manifest();
        try {
            return manifest != null
                    && ManifestFormat.read(codec.read(manifest)).state().updatedUnixMs()
                            < found.state().updatedUnixMs();
        } catch (InvalidJsonException | InvalidFileException e) {
            return false;
        }
    }

    /**
     * The journal that goes on where this one ends.
     *
     * @param disk changes its files
     * @param segmentBytes a segment is full when it is longer
     * @return the journal, open
     */
    public Journal goOn(Disk disk, long segmentBytes) {
        List<JournalSegment> left = new ArrayList<>();
        segments.forEach((file, jobs) -> left.add(new JournalSegment(file, jobs)));
        return new Journal(dir.journal(), disk, segmentBytes, highest + 1, left);
    }
}
