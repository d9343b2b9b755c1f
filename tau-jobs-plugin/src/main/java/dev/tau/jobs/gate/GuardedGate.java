package dev.tau.jobs.gate;

import dev.tau.jobs.spi.JobGate;
import dev.tau.jobs.spi.JobProposal;
import dev.tau.jobs.spi.JobRefusedException;
import dev.tau.jobs.spi.ToolContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stranger's gate, on a thread of its own: one that throws or hangs refuses. A hung one is asked again once it comes back. */
final class GuardedGate implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GuardedGate.class.getName());

    private final JobGate gate;
    private final String name;
    private final Duration patience;
    private final ExecutorService thread;
    /** One job at a time; the time counts from a job's own turn on. */
    private final Semaphore turn = new Semaphore(1, true);

    GuardedGate(JobGate gate, Duration patience) {
        this.gate = gate;
        this.name = nameOf(gate);
        this.patience = patience;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread created = new Thread(task, "tau-jobs-gate-" + name);
            created.setDaemon(true);
            return created;
        });
    }

    private static String nameOf(JobGate gate) {
        try {
            return String.valueOf(gate.name());
        } catch (RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, "a job gate can't tell its name", e);
            return gate.getClass().getName();
        }
    }

    /** Opens it; returns what went wrong. */
    Optional<String> open(ToolContext context) {
        try {
            call(() -> {
                gate.open(context);
                return null;
            });
            return Optional.empty();
        } catch (JobRefusedException e) {
            return Optional.of(e.getMessage() + " (at open)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("the opening of job gate " + name + " was interrupted");
        }
    }

    void check(JobProposal job) throws JobRefusedException, InterruptedException {
        call(() -> {
            gate.check(job);
            return null;
        });
    }

    /** The same without a thread and a limit of time, for a gate of ours. */
    static void checkHere(JobGate gate, JobProposal job) throws JobRefusedException {
        try {
            gate.check(job);
        } catch (JobRefusedException e) {
            throw named(gate.name(), e);
        } catch (Exception e) {
            throw failed(gate.name(), e);
        }
    }

    private void call(Callable<?> action) throws JobRefusedException, InterruptedException {
        if (!turn.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new JobRefusedException("job gate " + name + " is still busy with an earlier job");
        }
        FutureTask<?> answer = new FutureTask<>(action);
        thread.execute(() -> {
            try {
                answer.run();
            } finally {
                // Not before: a gate that hangs is asked by nobody else meanwhile.
                turn.release();
            }
        });
        try {
            answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new JobRefusedException("job gate " + name + " did not answer within " + patience.toMillis() + " ms");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof JobRefusedException refused ? named(name, refused) : failed(name, cause);
        } finally {
            answer.cancel(true);
        }
    }

    private static JobRefusedException named(String name, JobRefusedException refused) {
        return refused.answer() != null
                ? refused
                : new JobRefusedException("refused by job gate " + name + ": " + refused.getMessage());
    }

    private static JobRefusedException failed(String name, Throwable cause) {
        LOG.log(System.Logger.Level.WARNING, "job gate " + name + " failed", cause);
        return new JobRefusedException("job gate " + name + " failed: " + cause);
    }

    @Override
    public synchronized void close() {
        if (thread.isShutdown()) {
            return;
        }
        Future<?> closing = thread.submit(gate::close);
        thread.shutdown();
        try {
            closing.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.log(System.Logger.Level.WARNING, "job gate " + name + " could not be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
