package dev.tau.jobs.view;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What failures are called. */
public final class Failures {
    private Failures() {}

    /**
     * The sentence of a failure. The messages of some of the file system's exceptions are the path alone.
     *
     * @param failure whatever was thrown
     * @return its message, with what is wrong; its type where it has none
     */
    public static String describe(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure.toString();
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory: " + message;
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied: " + message;
        }
        return failure instanceof NotDirectoryException ? "not a directory: " + message : message;
    }
}
