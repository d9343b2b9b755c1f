package dev.tau.jobs.cli.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes whole lines from one thread of its own, so that lines never interleave.
 *
 * <p>The queue is unbounded on purpose: if {@link #write} could block, a client that sends all its requests before it
 * reads an answer would block us, we would stop reading, and both would wait for ever.
 */
final class LineWriter {

    private static final Logger log = LoggerFactory.getLogger(LineWriter.class);

    private static final long LOOK_EVERY_MS = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final OutputStream output;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "mcp-writer");
        // A client that stopped reading must not keep the process alive once main is done.
        created.setDaemon(true);
        return created;
    });
    private final AtomicLong written = new AtomicLong();
    private volatile boolean broken;

    LineWriter(OutputStream output) {
        this.output = output;
    }

    /** Queues one line, given without its line feed and containing none. */
    void write(byte[] line) {
        // One array with the line feed makes one write call, hence no half line if the process is killed in between.
        byte[] terminated = Arrays.copyOf(line, line.length + 1);
        terminated[line.length] = '\n';
        thread.execute(() -> {
            if (broken) {
                return;
            }
            try {
                output.write(terminated);
                output.flush();
                written.incrementAndGet();
            } catch (IOException e) {
                broken = true;
                log.warn("The client no longer reads; answers are dropped", e);
            }
        });
    }

    /** Returns whether the client can no longer be reached. */
    boolean isBroken() {
        return broken;
    }

    /**
     * Waits until everything queued is written, or the client takes none of it for a minute. Nothing may be written afterwards.
     *
     * @param gone whether there is nobody any more who could take it
     */
    void drain(BooleanSupplier gone) throws InterruptedException {
        thread.shutdown();
        long before = -1;
        long since = System.nanoTime();
        while (!thread.awaitTermination(LOOK_EVERY_MS, TimeUnit.MILLISECONDS)) {
            long now = written.get();
            if (now != before) {
                before = now;
                since = System.nanoTime();
            }
            if (gone.getAsBoolean() || System.nanoTime() - since > PATIENCE.toNanos()) {
                log.warn("The client takes no more answers: some are dropped");
                return;
            }
        }
    }
}
