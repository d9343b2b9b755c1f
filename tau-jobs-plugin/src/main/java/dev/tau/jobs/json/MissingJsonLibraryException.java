package dev.tau.jobs.json;

/** There is no library to read and write JSON with; the message says what to put on the class path. */
public final class MissingJsonLibraryException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    MissingJsonLibraryException(String message, Throwable cause) {
        super(message, cause);
    }
}
