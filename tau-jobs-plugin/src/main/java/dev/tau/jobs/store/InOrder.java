package dev.tau.jobs.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does the same to many things on as many threads as there are processors, and hands on what comes of it in their order: a
 * start reads thousands of manifests, most of the time in a JVM that still interprets what reads them. Only a few batches are
 * ahead of what has been handed on, so that memory need not hold all. For one thread.
 */
final class InOrder<T, R> implements AutoCloseable {
    /** So many pay for being handed over to another thread. */
    private static final int BATCH = 64;

    private final Function<T, R> work;
    private final BiConsumer<T, R> take;
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final Deque<Batch<T, R>> coming = new ArrayDeque<>();
    private List<T> next = new ArrayList<>(BATCH);
    private @Nullable ExecutorService pool;

    private record Batch<T, R>(List<T> items, Future<List<R>> done) {}

    /**
     * Begins with nothing, and without a thread.
     *
     * @param work done on any thread; what it throws, {@link #add} and {@link #finish} throw
     * @param take gets each with what came of it, on the caller's thread and in the order in which they were added
     */
    InOrder(Function<T, R> work, BiConsumer<T, R> take) {
        this.work = work;
        this.take = take;
    }

    /** Adds one, and takes what is done of those before it, if they are many. */
    void add(T item) {
        next.add(item);
        if (next.size() == BATCH) {
            submit();
        }
    }

    private void submit() {
        List<T> batch = next;
        next = new ArrayList<>(BATCH);
        ExecutorService executor = pool;
        if (executor == null) {
            executor = Executors.newFixedThreadPool(threads, task -> {
                Thread thread = new Thread(task, "tau-jobs-start");
                thread.setDaemon(true);
                return thread;
            });
            pool = executor;
        }
        Future<List<R>> done = executor.submit(() -> batch.stream().map(work).toList());
        coming.add(new Batch<>(batch, done));
        if (coming.size() > 2 * threads) {
            handOn(coming.remove());
        }
    }

    /** Returns when all have been taken. */
    void finish() {
        while (!coming.isEmpty()) {
            handOn(coming.remove());
        }
        for (T item : next) {
            take.accept(item, work.apply(item));
        }
        next.clear();
    }

    private void handOn(Batch<T, R> batch) {
        List<R> results = result(batch.done());
        for (int i = 0; i < results.size(); i++) {
            take.accept(batch.items().get(i), results.get(i));
        }
    }

    /** An interrupt of the caller ends nothing, and is still there afterwards. */
    private static <R> R result(Future<R> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof Error error) {
                        throw error;
                    }
                    throw e.getCause() instanceof RuntimeException exception
                            ? exception
                            : new IllegalStateException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What was not taken is forgotten. */
    @Override
    public void close() {
        if (pool != null) {
            pool.shutdownNow();
        }
    }
}
