package dev.tau.jobs.bench.suite;

/** We or a floor could not be measured. */
public final class BenchmarkFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    BenchmarkFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
