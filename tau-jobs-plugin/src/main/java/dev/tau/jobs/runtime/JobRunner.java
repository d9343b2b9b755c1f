package dev.tau.jobs.runtime;

import dev.tau.jobs.file.HeldPaths;
import dev.tau.jobs.job.Happening;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.OutputSizes;
import dev.tau.jobs.job.ProcessIdentity;
import dev.tau.jobs.job.Transition;
import dev.tau.jobs.process.LaunchSpec;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import dev.tau.jobs.process.LaunchSpec.Output;
import dev.tau.jobs.process.ProcessLauncher;
import dev.tau.jobs.process.ProcessLauncher.Launched;
import dev.tau.jobs.process.ProcessLauncher.SpawnException;
import dev.tau.jobs.process.ProcessTree;
import dev.tau.jobs.store.JobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one job from its start to its end, on the thread of a worker. The intent is durable before the process is started,
 * and the process's identity right after; no process of the job is left when its end is recorded.
 */
final class JobRunner {
    private static final System.Logger LOG = System.getLogger(JobRunner.class.getName());

    private final JobLedger ledger;
    private final JobStore store;
    private final ProcessLauncher launcher;
    private final ProcessTree tree;
    private final LaunchRules rules;
    private final OutputWatch outputs;
    private final Duration grace;
    private final Consumer<JobRecord> retries;
    private final HeldPaths paths = new HeldPaths();
    /** Completed when a run is to be ended early, with how it ends by that: null if the next start is to run the job again. */
    private final Map<JobId, CompletableFuture<@Nullable Happening>> running = new ConcurrentHashMap<>();

    private volatile boolean closing;

    JobRunner(
            JobLedger ledger,
            JobStore store,
            ProcessLauncher launcher,
            ProcessTree tree,
            LaunchRules rules,
            OutputWatch outputs,
            Duration grace,
            Consumer<JobRecord> retries) {
        this.ledger = ledger;
        this.store = store;
        this.launcher = launcher;
        this.tree = tree;
        this.rules = rules;
        this.outputs = outputs;
        this.grace = grace;
        this.retries = retries;
    }

    /** Asks a run to end as cancelled; nothing happens if the job does not run. */
    void cancel(JobId id) {
        CompletableFuture<@Nullable Happening> stop = running.get(id);
        if (stop != null) {
            stop.complete(new Happening.Terminated());
        }
    }

    /** Asks all runs to end, and leaves their manifests such that the next start queues them again. */
    void close() {
        closing = true;
        running.values().forEach(stop -> stop.complete(null));
    }

    /**
     * Runs a job.
     *
     * @param processesGone called once none of its processes is left, before its end is written
     * @return whether that is done; not, if the state dir could not take that the job starts: it is queued still then
     */
    boolean run(JobId id, Runnable processesGone) {
        // Registered before the job is running, so that no cancel of a running job can miss it.
        CompletableFuture<@Nullable Happening> stop = new CompletableFuture<>();
        running.put(id, stop);
        JobRecord again = null;
        try {
            Transition transition;
            try {
                transition = ledger.apply(id, new Happening.Started());
            } catch (IOException e) {
                ledger.startFailed(id, e);
                return false;
            }
            if (transition instanceof Transition.Applied applied && !closing) {
                Run run = runStarted(applied.job(), stop);
                OutputSizes output = outputs.ended(id);
                launcher.release(id);
                processesGone.run();
                if (run.end() != null) {
                    Transition ended = ledger.end(id, run.end(), output, run.straysEnded());
                    if (ended instanceof Transition.Applied next
                            && !next.job().status().isTerminal()) {
                        again = next.job();
                    }
                }
            }
        } catch (IOException e) {
            fail(id, "the state dir can't be written: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            // Also when no thread could be started: the worker must go on, and nothing of the job may.
            LOG.log(System.Logger.Level.ERROR, "running " + id, e);
            tree.end(List.of(new ProcessTree.Job(marker(id), null, null)), grace);
            fail(id, "the runtime failed: " + e);
        } finally {
            launcher.release(id);
            outputs.ended(id);
            running.remove(id, stop);
        }
        if (again != null) {
            // Only now: what is cleaned up above goes by the job's id, and would be the next run's.
            retries.accept(again);
        }
        return true;
    }

    private JobMarker marker(JobId id) {
        return new JobMarker(id, store.directory().toString());
    }

    private void fail(JobId id, String message) {
        try {
            ledger.apply(id, new Happening.RuntimeFailed(message));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the failure of " + id + " could not be written", e);
        }
    }

    /**
     * What became of a run.
     *
     * @param end how it ended; null if the next start is to run the job again
     * @param straysEnded how many processes the command left behind when it ended by itself
     */
    private record Run(@Nullable Happening end, int straysEnded) {}

    private Run runStarted(JobRecord job, CompletableFuture<@Nullable Happening> stop) throws IOException {
        JobMarker marker = marker(job.id());
        long begin = System.nanoTime();
        Launched launched;
        try {
            launched = launch(job, marker);
        } catch (SpawnException e) {
            return new Run(new Happening.SpawnFailed(String.valueOf(e.getMessage())), 0);
        } catch (IOException e) {
            tree.end(List.of(new ProcessTree.Job(marker, null, null)), grace);
            return new Run(
                    new Happening.RuntimeFailed(
                            "it could not be started: " + (e.getMessage() == null ? e : e.getMessage())),
                    0);
        }
        outputs.started(job, launched);
        ProcessIdentity identity = launched.identity();
        Happening end;
        int ended;
        try {
            ledger.apply(job.id(), new Happening.Spawned(identity));
            end = await(job, launched, stop);
        } finally {
            // Also what the command left behind when it ended by itself, and whatever went wrong here.
            ProcessTree.Run run = new ProcessTree.Run(begin, launched.session());
            ended = tree.end(List.of(new ProcessTree.Job(marker, identity, run)), grace);
        }
        return new Run(end, end instanceof Happening.Exited ? ended : 0);
    }

    private Launched launch(JobRecord job, JobMarker marker) throws SpawnException, IOException {
        String cwd = job.spec().cwd();
        if (cwd == null) {
            checkAllowed(job, rules.workingDirectory());
            return launcher.launch(launchSpec(job, marker, rules.workingDirectory()));
        }
        // It was checked when the job was created; a link may have been put in its way since, or be put there right
        // now.
        Path path = rules.workingDirectory().resolve(cwd);
        try (HeldPaths.Held held = hold(path)) {
            if (!rules.roots().stillHolds(path, held.realPath())) {
                throw new SpawnException("cwd no longer lies inside an allowed root: " + cwd);
            }
            checkAllowed(job, held.realPath());
            return launcher.launch(launchSpec(job, marker, held.handle()));
        }
    }

    private void checkAllowed(JobRecord job, Path directory) throws SpawnException {
        Optional<String> refusal = rules.commands()
                .refusal(job.spec().command(), directory, job.spec().env());
        if (refusal.isPresent()) {
            throw new SpawnException(refusal.get());
        }
    }

    private HeldPaths.Held hold(Path cwd) throws SpawnException {
        try {
            return paths.directory(cwd);
        } catch (IOException e) {
            throw new SpawnException("working directory " + cwd + " is no directory that can be entered");
        }
    }

    private LaunchSpec launchSpec(JobRecord job, JobMarker marker, Path directory) {
        return new LaunchSpec(
                marker,
                job.spec().command(),
                job.spec().args(),
                job.spec().env(),
                directory,
                job.spec().options().stdin(),
                new Output(store.stdout(job.id()), job.state().stdoutStart()),
                new Output(store.stderr(job.id()), job.state().stderrStart()));
    }

    private static @Nullable Happening await(
            JobRecord job, Launched launched, CompletableFuture<@Nullable Happening> stop) {
        long deadline =
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(job.spec().effectiveTimeoutMs());
        CompletableFuture<?> either = CompletableFuture.anyOf(launched.exit(), stop);
        for (boolean waiting = true; waiting; ) {
            try {
                either.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                waiting = false;
            } catch (TimeoutException e) {
                return new Happening.TimedOut();
            } catch (ExecutionException e) {
                return new Happening.RuntimeFailed("the process's end can't be told: " + e.getCause());
            } catch (InterruptedException e) {
                // Not ours: who closes completes stop. Somebody has interrupted all threads that he found.
                LOG.log(System.Logger.Level.DEBUG, "a worker was interrupted, and goes on", e);
            }
        }
        Happening asked = stop.getNow(null);
        // Not if it had ended before a close: to run it again would be wrong.
        boolean exited = launched.exit().isDone() && !launched.exit().isCompletedExceptionally();
        return asked == null && exited ? new Happening.Exited(launched.exit().join()) : asked;
    }
}
