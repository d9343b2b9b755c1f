package dev.tau.jobs.runtime;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for the owner of a state dir to go. A dead owner's lock is free, and nobody tells: so it is tried once a second,
 * which costs a few system calls.
 */
final class Successor implements AutoCloseable {
    /** A try to take over. */
    interface Attempt {
        /**
         * Tries once.
         *
         * @return whether there is nothing left to wait for; not, while somebody owns the dir
         * @throws IOException if the dir is free, and can't be taken over: as the disk is full, say
         */
        boolean make() throws IOException;
    }

    private static final System.Logger LOG = System.getLogger(Successor.class.getName());
    private static final Duration TRY_EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final SaidOnce failure = new SaidOnce();

    private Successor() {}

    /** Begins to wait; tries until the attempt says that there is nothing left to wait for. */
    static Successor waitFor(Attempt attempt) {
        Successor successor = new Successor();
        Thread thread = new Thread(() -> successor.loop(attempt), "tau-jobs-successor");
        thread.setDaemon(true);
        thread.start();
        return successor;
    }

    private void loop(Attempt attempt) {
        Duration pause = TRY_EVERY;
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    if (attempt.make()) {
                        return;
                    }
                    pause = TRY_EVERY;
                } catch (IOException | RuntimeException | OutOfMemoryError e) {
                    // The jobs wait for an owner, so it is tried again: not so often that the tries are a load of their
                    // own.
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
                    if (failure.isNew(e)) {
                        LOG.log(System.Logger.Level.WARNING, "tried again: " + e.getMessage(), e);
                    }
                }
            }
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
