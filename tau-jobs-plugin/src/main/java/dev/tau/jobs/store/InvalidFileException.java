package dev.tau.jobs.store;

import java.io.IOException;

/** A file of the state dir holds something that we do not take; the message names member and rule. */
public final class InvalidFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean newer;

    private InvalidFileException(String message, boolean newer) {
        super(message);
        this.newer = newer;
    }

    static InvalidFileException invalid(String message) {
        return new InvalidFileException(message, false);
    }

    static InvalidFileException newer(Number version) {
        return new InvalidFileException(
                "has schema_version " + version + ", and this version of tau-jobs reads up to " + Fields.SCHEMA_VERSION,
                true);
    }

    /** {@return whether a newer version wrote it: such a file is left untouched} */
    public boolean isNewer() {
        return newer;
    }
}
