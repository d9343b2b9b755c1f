package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.HeardEnds;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Remembers which ends listeners have heard of. Safe for several threads, each with a listener of its own. */
public interface HeardStore {

    /**
     * The files of a state dir, in which each listener has one.
     *
     * @param root the state dir
     * @param disk changes them
     * @param codec reads and writes them
     * @return the store
     */
    static HeardStore in(Path root, Disk disk, JsonCodec codec) {
        return new HeardFiles(new StateDir(root).heard(), disk, codec);
    }

    /**
     * Which ends a listener has heard of.
     *
     * @param listener its name
     * @return empty if no listener of that name was here before
     * @throws IOException if that can't be told
     */
    Optional<HeardEnds> heard(String listener) throws IOException;

    /**
     * Remembers which ends a listener has heard of.
     *
     * @param listener its name
     * @param heard the ends
     * @throws IOException if it could not be written; what was remembered before is whole
     */
    void saveHeard(String listener, HeardEnds heard) throws IOException;
}
