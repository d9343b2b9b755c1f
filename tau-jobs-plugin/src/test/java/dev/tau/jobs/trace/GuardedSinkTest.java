package dev.tau.jobs.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GuardedSinkTest {
    private static final TraceSink SINK = new TraceSink() {
        @Override
        public String name() {
            return "some";
        }

        @Override
        public void open(ToolContext context) {}

        @Override
        public void emit(TraceEvent event) {}

        @Override
        public void close() {}
    };

    private final GuardedSink hasty = new GuardedSink(SINK, "some", Duration.ofMillis(500));
    private final GuardedSink patient = new GuardedSink(SINK, "some", Duration.ofSeconds(15));

    @AfterEach
    void close() {
        hasty.close();
        patient.close();
    }

    @Test
    void one_that_hangs_is_interrupted_and_never_asked_again() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();

        String first = hasty.call(sink -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        String second = hasty.call(sink -> asked.incrementAndGet());

        assertThat(first).isEqualTo("some: gave up after 500 ms");
        assertThat(second).isEqualTo("some: was given up because it hung");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(asked).hasValue(0);
    }

    @Test
    void one_that_throws_is_asked_again() throws InterruptedException {
        assertThat(patient.call(sink -> {
                    throw new IOException("disk full");
                }))
                .isEqualTo("some: disk full");
        assertThat(patient.call(sink -> {
                    throw new StackOverflowError();
                }))
                .isEqualTo("some: java.lang.StackOverflowError");
        assertThat(patient.call(sink -> assertThat(sink).isSameAs(SINK))).isNull();
    }
}
