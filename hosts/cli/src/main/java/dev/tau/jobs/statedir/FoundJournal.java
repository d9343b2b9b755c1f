package dev.tau.jobs.statedir;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.json.JsonCodec;
import dev.tau.jobs.store.Journal;
import dev.tau.jobs.store.JournalEntry;
import dev.tau.jobs.store.JournalReplay;
import dev.tau.jobs.store.ManifestFiles;
import dev.tau.jobs.store.ManifestReader;
import dev.tau.jobs.store.Quarantine;
import dev.tau.jobs.store.StateDir;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The journal of a state dir as it was when it was read, once: there may be much of it. Not safe for several threads. */
public final class FoundJournal {
    private static final System.Logger LOG = System.getLogger(FoundJournal.class.getName());

    private final StateDir dir;
    private final JsonCodec codec;
    private final Disk disk;
    private final JournalReplay replay;
    private final Set<JobId> removing;
    private @Nullable Map<JobId, JournalEntry> missed;
    private boolean caughtUp;

    FoundJournal(StateDir dir, JsonCodec codec, Disk disk, Set<JobId> removing) throws IOException {
        this.dir = dir;
        this.codec = codec;
        this.disk = disk;
        this.removing = removing;
        this.replay = JournalReplay.read(dir, codec);
    }

    /**
     * What lies in the journal's directory and is no part of it.
     *
     * @return the files
     */
    public List<Path> strange() {
        return replay.strange();
    }

    /**
     * Segments that hold an entry that can't be read, with others behind it.
     *
     * @return the files
     */
    public List<Path> damaged() {
        return List.copyOf(replay.damaged().keySet());
    }

    /**
     * What a crash has left in the journal and not in the manifests.
     *
     * @return by id, each job as its manifest should show it; empty if it should not be there
     * @throws IOException if the journal can't be read
     */
    public Map<JobId, Optional<JobRecord>> lagging() throws IOException {
        Map<JobId, Optional<JobRecord>> lagging = new LinkedHashMap<>();
        for (JournalEntry change : missed().values()) {
            byte[] manifest = change.manifest();
            try {
                lagging.put(
                        change.id(),
                        manifest == null
                                ? Optional.empty()
                                : Optional.of(ManifestReader.parse(dir.manifest(change.id()), codec.read(manifest))));
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "the journal's word on " + change.id() + " can't be used", e);
            }
        }
        return lagging;
    }

    private Map<JobId, JournalEntry> missed() throws IOException {
        Map<JobId, JournalEntry> known = missed;
        if (known == null) {
            known = replay.missed(removing);
            missed = known;
        }
        return known;
    }

    /**
     * Lets the manifests show what the journal says, keeps a copy of what is damaged, and empties it. To do it twice changes
     * nothing. Only for the directory's owner.
     *
     * @throws IOException if that can't be done; the next start does it then
     */
    public void catchUp() throws IOException {
        if (caughtUp) {
            return;
        }
        Quarantine quarantine = new Quarantine(dir, disk);
        for (Map.Entry<Path, byte[]> segment : replay.damaged().entrySet()) {
            disk.write(quarantine.place(String.valueOf(segment.getKey().getFileName())), segment.getValue());
        }
        ManifestFiles manifests = new ManifestFiles(dir, disk);
        missed().values().forEach(change -> manifests.want(change.id(), change.manifest()));
        try (Journal journal = replay.goOn(disk, Long.MAX_VALUE)) {
            while (journal.fullCount() > 0) {
                for (JobId id : journal.dependingOnOldest()) {
                    manifests.sync(id);
                }
                manifests.syncNames();
                journal.forgetOldest();
            }
        }
        caughtUp = true;
    }
}
