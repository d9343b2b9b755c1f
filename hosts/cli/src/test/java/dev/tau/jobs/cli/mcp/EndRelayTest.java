package dev.tau.jobs.cli.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.TraceEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EndRelayTest {
    private final EndRelay relay = new EndRelay();
    private final List<String> told = new CopyOnWriteArrayList<>();

    private static TraceEvent end(String job) {
        return TraceEvent.builder(job, "succeeded", 1_000)
                .outcome("succeeded", "job_succeeded", "")
                .build();
    }

    @Test
    void what_has_ended_before_anybody_listens_is_told_then() {
        relay.jobEnded(end("one"));
        relay.jobEnded(end("two"));
        relay.to(end -> told.add(end.jobId()));
        relay.jobEnded(end("three"));
        assertThat(told).containsExactly("one", "two", "three");
    }

    /** A client that does not read what is written to it must not keep others from listening. */
    @Test
    void who_begins_to_listen_does_not_wait_for_who_is_being_told() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Consumer<TraceEvent> receiver = end -> {
            stuck.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            told.add(end.jobId());
        };
        relay.to(receiver);
        CompletableFuture<Void> telling = CompletableFuture.runAsync(() -> relay.jobEnded(end("one")));
        stuck.await();
        relay.to(receiver);
        assertThat(told).isEmpty();
        goOn.countDown();
        telling.join();
        assertThat(told).containsExactly("one");
    }
}
