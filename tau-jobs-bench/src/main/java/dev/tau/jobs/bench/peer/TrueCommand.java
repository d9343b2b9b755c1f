package dev.tau.jobs.bench.peer;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** {@code /bin/true} started with ProcessBuilder, its outputs in two new files: what a peer's job does, and the floors. */
public final class TrueCommand {
    /** Static, since the peers make their jobs by reflection, where nothing can be handed in. */
    private static final Semaphore ENDED = new Semaphore(0);

    private static final long PATIENCE_S = 300;

    private TrueCommand() {}

    /**
     * Runs it.
     *
     * @param directory where the outputs go
     * @param name of the outputs
     * @return its exit code
     * @throws IOException if it can't be started
     * @throws InterruptedException if the thread was interrupted while it ran
     */
    public static int run(Path directory, String name) throws IOException, InterruptedException {
        return new ProcessBuilder("/bin/true")
                .redirectInput(new File("/dev/null"))
                .redirectOutput(directory.resolve(name + ".stdout.log").toFile())
                .redirectError(directory.resolve(name + ".stderr.log").toFile())
                .start()
                .waitFor();
    }

    /**
     * The body of a peer's job: runs it and says that it has ended.
     *
     * @param directory where the outputs go
     * @param name of the outputs
     * @throws IOException if it can't be started, or does not exit with 0
     * @throws InterruptedException if the thread was interrupted while it ran
     */
    public static void runAsJob(String directory, String name) throws IOException, InterruptedException {
        int code = run(Path.of(directory), name);
        if (code != 0) {
            throw new IOException("/bin/true exited with " + code);
        }
        ENDED.release();
    }

    /** Waits for the ends of as many jobs. */
    static void awaitEnded(int jobs) throws InterruptedException {
        if (!ENDED.tryAcquire(jobs, PATIENCE_S, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    ENDED.availablePermits() + " of " + jobs + " jobs ended in " + PATIENCE_S + " s");
        }
    }
}
