package dev.tau.jobs.store;

import java.io.IOException;

/** The state dir is in order, but another runtime owns it; the message names the owner's pid. */
public final class StateDirOwnedException extends IOException {
    private static final long serialVersionUID = 1L;

    StateDirOwnedException(String message) {
        super(message);
    }
}
