package dev.tau.jobs.runtime;

import org.jspecify.annotations.Nullable;

/** A failure that comes again and again: said each time, it would drive all other lines out of the diagnostics. */
final class SaidOnce {
    private @Nullable String said;

    /** Whether it is another one than the last, so that it is to be said. */
    synchronized boolean isNew(Throwable failure) {
        boolean isNew = !failure.toString().equals(said);
        said = failure.toString();
        return isNew;
    }

    /** It works again. */
    synchronized void over() {
        said = null;
    }
}
