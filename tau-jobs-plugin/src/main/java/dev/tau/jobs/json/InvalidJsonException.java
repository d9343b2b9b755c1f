package dev.tau.jobs.json;

import java.io.IOException;

/** The text is no JSON object that we take; the message says why, without quoting it. */
public final class InvalidJsonException extends IOException {
    private static final long serialVersionUID = 1L;

    InvalidJsonException(String message) {
        super(message);
    }
}
