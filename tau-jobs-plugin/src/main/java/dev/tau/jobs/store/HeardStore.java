package dev.tau.jobs.store;

import dev.tau.jobs.job.HeardEnds;
import java.io.IOException;
import java.util.Optional;

/** Remembers which ends listeners have heard of. Safe for several threads, each with a listener of its own. */
public interface HeardStore {

    /**
     * Which ends a listener has heard of.
     *
     * @param listener its name
     * @return empty if no listener of that name was here before
     */
    Optional<HeardEnds> heard(String listener);

    /**
     * Remembers which ends a listener has heard of.
     *
     * @param listener its name
     * @param heard the ends
     * @throws IOException if it could not be written; what was remembered before is whole
     */
    void saveHeard(String listener, HeardEnds heard) throws IOException;
}
