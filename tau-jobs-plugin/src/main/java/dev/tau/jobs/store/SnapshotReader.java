package dev.tau.jobs.store;

import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads the snapshot of a state dir that somebody else may own, changing nothing. */
public final class SnapshotReader {
    private static final Snapshot EMPTY =
            new Snapshot(0, 0, 0, 0, 0, 0, 0, 0, "", "", List.of(), List.of(), Snapshot.Removed.NONE);

    private final StateDir dir;
    private final JsonCodec codec;

    /**
     * A reader.
     *
     * @param root the directory
     * @param codec reads its files
     */
    public SnapshotReader(Path root, JsonCodec codec) {
        this.dir = new StateDir(root);
        this.codec = codec;
    }

    /**
     * The snapshot as it is on disk.
     *
     * @return all zero if there is none yet
     * @throws IOException if it can't be read
     */
    public Snapshot read() throws IOException {
        return StateDir.exists(dir.snapshot())
                ? SnapshotFormat.read(codec.read(BoundedFiles.read(dir.snapshot())))
                : EMPTY;
    }
}
