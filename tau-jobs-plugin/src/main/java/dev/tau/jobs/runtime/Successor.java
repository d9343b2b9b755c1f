package dev.tau.jobs.runtime;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits for the owner of a state dir to go. A dead owner's lock is free, and nobody tells: so it is tried once a second,
 * which costs a few system calls.
 */
final class Successor implements AutoCloseable {
    private static final Duration TRY_EVERY = Duration.ofSeconds(1);

    private final CountDownLatch closed = new CountDownLatch(1);

    private Successor() {}

    /** Begins to wait; tries until the attempt says that there is nothing left to wait for. */
    static Successor waitFor(BooleanSupplier attempt) {
        Successor successor = new Successor();
        Thread thread = new Thread(() -> successor.loop(attempt), "tau-jobs-successor");
        thread.setDaemon(true);
        thread.start();
        return successor;
    }

    private void loop(BooleanSupplier attempt) {
        try {
            while (!closed.await(TRY_EVERY.toMillis(), TimeUnit.MILLISECONDS) && !attempt.getAsBoolean()) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops to wait; does not wait for an attempt that is being made. */
    @Override
    public void close() {
        closed.countDown();
    }
}
