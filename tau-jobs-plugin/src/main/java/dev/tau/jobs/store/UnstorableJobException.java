package dev.tau.jobs.store;

import java.io.IOException;

/** A job that no store of ours can hold, however often it is tried; the message says why. */
public final class UnstorableJobException extends IOException {
    private static final long serialVersionUID = 1L;

    UnstorableJobException(String message) {
        super(message);
    }
}
