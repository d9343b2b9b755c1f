package dev.tau.jobs.cli;

import dev.tau.jobs.terminal.Texts;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Shows a job's output as it comes and, on a terminal, a line that says how the job stands. */
final class OutputFollower implements AutoCloseable {
    private static final int POLL_MS = 50;
    private static final String ERASE_LINE = "\r\u001b[K";
    /** What is longer than the terminal is wide ends there: it could not be erased otherwise. */
    private static final String UNWRAPPED = "\u001b[?7l";

    private static final String WRAPPED = "\u001b[?7h";

    private final String jobId;
    private final FileTail stdout;
    private final FileTail stderr;
    private final boolean showStatus;
    private final PrintStream statusStream;
    private final long startNanos = System.nanoTime();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread = new Thread(this::follow, "tau-jobs-output");
    private final PrintStream out;
    private final Runnable onOutputLost;
    private volatile String state;
    private volatile @Nullable Map<?, ?> ended;
    private volatile boolean ranAgain;
    private boolean outputLost;
    private String shown = "";

    OutputFollower(
            Map<?, ?> job,
            PrintStream out,
            PrintStream err,
            boolean showStatus,
            long wholeUpTo,
            Runnable onOutputLost) {
        this.jobId = Jobs.text(job, "job_id");
        this.state = Jobs.text(job, "status");
        this.stdout = new FileTail(Path.of(Jobs.text(job, "stdout_path")), out);
        this.stderr = new FileTail(Path.of(Jobs.text(job, "stderr_path")), err);
        this.stdout.wholeUpTo(wholeUpTo);
        this.stderr.wholeUpTo(wholeUpTo);
        this.showStatus = showStatus;
        this.statusStream = err;
        this.out = out;
        this.onOutputLost = onOutputLost;
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether a status line on stderr would meet a person. */
    @SuppressWarnings("SystemConsoleNull") // asked only where null has its old meaning
    static boolean onTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false; // it can't erase the line again
        }
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            // Without /proc; and from JDK 22 on there is a Console even where there is no terminal.
            return System.console() != null && Runtime.version().feature() < 22;
        }
    }

    void state(String value) {
        state = value;
    }

    /**
     * The job has ended, as it says.
     *
     * @param recovered whether it was begun anew meanwhile, as the process that ran it had died
     */
    void end(Map<?, ?> job, boolean recovered) {
        ranAgain = recovered;
        ended = job;
    }

    private void follow() {
        try (stdout;
                stderr) {
            boolean last;
            do {
                // Asked before copying: what was written before the end is then copied in this round.
                last = end.await(POLL_MS, TimeUnit.MILLISECONDS);
                Map<?, ?> job = ended;
                if (job != null) {
                    stdout.end(Jobs.isTrue(job, "stdout_truncated"));
                    stderr.end(Jobs.isTrue(job, "stderr_truncated"));
                }
                if (stdout.hasNews() || stderr.hasNews()) {
                    status("");
                    stdout.copy();
                    stderr.copy();
                    noticeLoss();
                }
                // A status line would overwrite a line that the job has not finished.
                if (showStatus && stdout.atLineStart() && stderr.atLineStart()) {
                    status(last ? "" : jobId + "  " + state + "  " + elapsed());
                }
            } while (!last);
            if (ranAgain) {
                statusStream.println(
                        "tau-jobs: the process that ran the job died, and the job was run again; tau-jobs logs " + jobId
                                + " shows the output of the last run alone");
            } else {
                sayDropped("standard output", stdout);
                sayDropped("standard error", stderr);
            }
        } catch (IOException e) {
            statusStream.println("tau-jobs: the output can't be read: " + Failures.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The job wrote faster than it could be shown, or than whoever reads it took it. */
    private void sayDropped(String name, FileTail tail) {
        if (tail.dropped() > 0) {
            statusStream.println("tau-jobs: " + tail.dropped() + " bytes of the " + name
                    + " were dropped before they could be shown; --jobs-max-output-bytes keeps more");
        }
    }

    /** A PrintStream swallows errors; whoever read may be gone, or the disk be full. */
    private void noticeLoss() {
        if (!outputLost && out.checkError()) {
            outputLost = true;
            onOutputLost.run();
        }
    }

    private String elapsed() {
        return Texts.duration(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
    }

    private void status(String line) {
        if (!line.equals(shown)) {
            statusStream.print(line.isEmpty() ? ERASE_LINE : ERASE_LINE + UNWRAPPED + line + WRAPPED);
            statusStream.flush();
            shown = line;
        }
    }

    /** Shows the rest of the output. Call it when the job has ended. */
    @Override
    public void close() {
        end.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
