package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SharedSyncTest {
    /** Each sync waits to be let go, and does what it is told to. */
    private static final class Slow implements SharedSync.Target {
        private final AtomicLong appended = new AtomicLong();
        private final AtomicInteger begun = new AtomicInteger();
        private final Semaphore go = new Semaphore(0);
        private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

        @Override
        public long appended() {
            return appended.get();
        }

        @Override
        public void sync() throws IOException {
            begun.incrementAndGet();
            go.acquireUninterruptibly();
            Throwable failure = failures.poll();
            if (failure instanceof Error error) {
                throw error;
            } else if (failure instanceof IOException e) {
                throw e;
            }
        }
    }

    private final Slow target = new Slow();
    private final SharedSync sync = new SharedSync(target);

    @AfterEach
    void letAllGo() {
        target.go.release(1_000);
    }

    /** A thread that has appended and waits, one way or the other. */
    private CompletableFuture<Void> waiting() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                sync.upTo(target.appended.incrementAndGet());
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING);
        return done;
    }

    private List<CompletableFuture<Void>> waiting(int count) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(waiting());
        }
        return all;
    }

    /**
     * A host's turn on the common pool that makes several calls at once: they lie in its thread's own queue. The other threads
     * are kept busy, as they would take them.
     */
    @Test
    @Timeout(60)
    void the_common_pool_does_not_wait_for_itself() throws Exception {
        ForkJoinPool pool = ForkJoinPool.commonPool();
        assumeThat(pool.getParallelism()).as("set by the pom").isGreaterThan(1);
        CountDownLatch busy = new CountDownLatch(pool.getParallelism() - 1);
        CountDownLatch free = new CountDownLatch(1);
        try {
            for (long i = busy.getCount(); i > 0; i--) {
                pool.execute(() -> {
                    busy.countDown();
                    try {
                        free.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            busy.await();
            CompletableFuture<Void> before = waiting();
            CompletableFuture<Void> call = new CompletableFuture<>();
            CompletableFuture<Void> nested = new CompletableFuture<>();
            pool.execute(() -> {
                var unused = CompletableFuture.runAsync(() -> complete(nested));
                complete(call);
            });
            await().until(() -> target.appended.get() >= 2);
            target.go.release(10);

            CompletableFuture.allOf(before, call, nested).get(20, TimeUnit.SECONDS);
        } finally {
            free.countDown();
        }
    }

    private void complete(CompletableFuture<Void> done) {
        try {
            sync.upTo(target.appended.incrementAndGet());
            done.complete(null);
        } catch (IOException e) {
            done.completeExceptionally(e);
        }
    }

    private void syncOnce() {
        CompletableFuture<Void> first = waiting();
        target.go.release();
        first.join();
    }

    @Test
    void who_comes_during_a_sync_shares_the_next_one() {
        CompletableFuture<Void> first = waiting();
        List<CompletableFuture<Void>> others = waiting(5);
        target.go.release();
        first.join();
        await().until(() -> target.begun.get() == 2);
        assertThat(others).noneMatch(CompletableFuture::isDone);
        List<CompletableFuture<Void>> third = waiting(3);
        target.go.release();
        others.forEach(CompletableFuture::join);
        assertThat(third).noneMatch(CompletableFuture::isDone);
        target.go.release();
        third.forEach(CompletableFuture::join);
        assertThat(target.begun).hasValue(3);
    }

    @Test
    void what_is_synced_waits_for_nobody() throws IOException {
        syncOnce();
        CompletableFuture<Void> second = waiting();
        sync.upTo(1);
        assertThat(second).isNotDone();
        assertThat(target.begun).hasValue(2);
    }

    @Test
    void a_sync_that_failed_is_not_repeated() throws IOException {
        syncOnce();
        target.failures.add(new IOException("broken"));
        CompletableFuture<Void> second = waiting();
        List<CompletableFuture<Void>> others = waiting(3);
        target.go.release();
        assertThatThrownBy(second::join).hasRootCauseMessage("broken");
        others.forEach(other -> assertThatThrownBy(other::join).hasRootCauseMessage("broken"));
        assertThat(sync.hasFailed()).isTrue();
        assertThatThrownBy(() -> sync.upTo(9)).isInstanceOf(IOException.class).hasMessage("broken");
        assertThat(target.begun).hasValue(2);
        sync.upTo(1);
    }

    /** Whatever one thread dies of, the others are not left waiting. */
    @Test
    void an_error_is_for_one_alone() {
        target.failures.add(new StackOverflowError());
        CompletableFuture<Void> first = waiting();
        List<CompletableFuture<Void>> others = waiting(3);
        target.go.release(2);
        assertThatThrownBy(first::join).hasCauseInstanceOf(StackOverflowError.class);
        others.forEach(CompletableFuture::join);
        assertThat(sync.hasFailed()).isFalse();
    }

    @Test
    void an_interrupt_is_kept_for_later() throws InterruptedException {
        CompletableFuture<Void> first = waiting();
        AtomicInteger interrupted = new AtomicInteger();
        Thread other = new Thread(() -> {
            try {
                sync.upTo(target.appended.incrementAndGet());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            interrupted.set(Thread.interrupted() ? 1 : -1);
        });
        other.start();
        await().until(() -> other.getState() == Thread.State.WAITING);
        other.interrupt();
        target.go.release(2);
        other.join();
        first.join();
        assertThat(interrupted).hasValue(1);
    }

    @Test
    void between_waits_until_none_runs() {
        CompletableFuture<Void> first = waiting();
        CompletableFuture<Void> between = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread closing = new Thread(() -> {
            sync.between(() -> between.complete(null));
            interrupted.complete(Thread.interrupted());
        });
        closing.start();
        await().until(() -> closing.getState() == Thread.State.WAITING);
        // Kept for later.
        closing.interrupt();
        assertThat(between).isNotDone();
        target.go.release();
        first.join();
        between.join();
        assertThat(interrupted.join()).isTrue();
    }
}
