package dev.tau.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class InOrderTest {
    private static final int MANY = 5_000;

    @Property
    void eachIsTakenOnceInItsOrderByTheCaller(@ForAll @IntRange(max = 1_000) int count) {
        Thread caller = Thread.currentThread();
        List<Integer> items = IntStream.range(0, count).boxed().toList();
        List<Integer> taken = new ArrayList<>();
        forEach(items, item -> item + 1, (item, result) -> {
            assertThat(result).isEqualTo(item + 1);
            assertThat(Thread.currentThread()).isSameAs(caller);
            taken.add(item);
        });
        assertThat(taken).isEqualTo(items);
    }

    static boolean severalProcessors() {
        return Runtime.getRuntime().availableProcessors() > 1;
    }

    @Test
    @EnabledIf("severalProcessors")
    void severalThreadsWork() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch second = new CountDownLatch(2);
        forEach(
                range(MANY),
                item -> {
                    if (threads.add(Thread.currentThread())) {
                        second.countDown();
                    }
                    return await(second);
                },
                (item, others) -> assertThat(others).isTrue());
        assertThat(threads).hasSizeGreaterThan(1);
    }

    @Test
    void fewAreAheadOfWhatWasTaken() {
        AtomicInteger done = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        int window = (2 * Runtime.getRuntime().availableProcessors() + 2) * 64;
        forEach(
                range(MANY),
                item -> done.incrementAndGet(),
                (item, result) ->
                        assertThat(done.get() - taken.incrementAndGet()).isLessThanOrEqualTo(window));
        assertThat(taken).hasValue(MANY);
    }

    @Test
    void whatTheWorkThrowsEndsIt() {
        List<Integer> taken = new ArrayList<>();
        assertThatThrownBy(() -> forEach(
                        range(MANY),
                        item -> {
                            if (item == 1_000) {
                                throw new IllegalStateException("the thousandth");
                            }
                            return item;
                        },
                        (item, result) -> taken.add(item)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the thousandth");
        assertThat(taken).hasSizeLessThanOrEqualTo(1_000).isEqualTo(range(taken.size()));
        assertThatThrownBy(() -> forEach(
                        range(MANY),
                        item -> {
                            throw new StackOverflowError("deep");
                        },
                        (item, result) -> {}))
                .isInstanceOf(StackOverflowError.class);
    }

    @Test
    void anInterruptEndsNothingAndStays() {
        List<Integer> taken = new ArrayList<>();
        Thread.currentThread().interrupt();
        forEach(range(MANY), item -> item, (item, result) -> taken.add(item));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(taken).isEqualTo(range(MANY));
    }

    private static <T, R> void forEach(List<T> items, Function<T, R> work, BiConsumer<T, R> take) {
        try (InOrder<T, R> all = new InOrder<>(work, take)) {
            items.forEach(all::add);
            all.finish();
        }
    }

    private static List<Integer> range(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
