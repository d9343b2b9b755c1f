package dev.tau.jobs.cli.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.spi.TraceEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpClientsTest {
    @TempDir
    Path dir;

    private final Map<String, List<String>> sent = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> stuck = new ConcurrentHashMap<>();
    private final Set<String> broken = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refused = new AtomicInteger();
    private ToolSet tools;
    private HttpClients clients;

    @BeforeEach
    void open() {
        tools = ToolSet.load(ToolContext.builder().workingDirectory(dir).build());
        clients = new HttpClients(JobResources.of(tools).orElseThrow(), this::send);
    }

    @AfterEach
    void close() {
        stuck.values().forEach(CountDownLatch::countDown);
        clients.close();
        tools.close();
    }

    private void send(String session, String method, Object params) {
        CountDownLatch latch = stuck.get(session);
        try {
            if (latch != null) {
                latch.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (broken.contains(session)) {
            refused.incrementAndGet();
            throw new IllegalStateException("the stream is gone");
        }
        String data = String.valueOf(((Map<?, ?>) params).get("data"));
        of(session).add(data.split(" ", -1)[2]);
    }

    private List<String> of(String session) {
        return sent.computeIfAbsent(session, key -> new CopyOnWriteArrayList<>());
    }

    private HttpClient client(String session) {
        return clients.find(session).orElseThrow();
    }

    private FutureTask<Void> end(String job) {
        FutureTask<Void> telling = new FutureTask<>(() -> {
            clients.ended(TraceEvent.builder(job, "succeeded", 1_000)
                    .outcome("succeeded", "job_succeeded", "")
                    .build());
            return null;
        });
        new Thread(telling).start();
        return telling;
    }

    private void awaitSent(String session, String... jobs) {
        await().untilAsserted(() -> assertThat(of(session)).containsExactly(jobs));
    }

    @Test
    void an_end_is_heard_when_one_client_has_heard_it_and_others_hear_it_when_they_listen() throws Exception {
        clients.add("a");
        clients.add("b");
        FutureTask<Void> one = end("one");
        client("a").listens(() -> {});
        one.get();
        end("two").get();
        clients.add("c");
        client("b").listens(() -> {});
        client("c").listens(() -> {});
        end("three").get();
        awaitSent("a", "one", "two", "three");
        awaitSent("b", "one", "two", "three");
        // It may be one that was killed a moment ago, whatever was written to it.
        awaitSent("c", "one", "two", "three");
    }

    @Test
    void what_ends_while_a_client_has_no_stream_it_hears_on_the_next_one() throws Exception {
        clients.add("a");
        clients.add("always");
        client("always").listens(() -> {});
        int first = client("a").listens(() -> {});
        end("one").get();
        awaitSent("a", "one");
        client("a").leaves(first);
        end("two").get();
        int second = client("a").listens(() -> {});
        // A moment before the end of the first stream: whether that arrived nobody knows.
        awaitSent("a", "one", "one", "two");
        client("a").leaves(first);
        end("three").get();
        awaitSent("a", "one", "one", "two", "three");
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void who_does_not_read_keeps_nobody_waiting() throws Exception {
        stuck.put("a", new CountDownLatch(1));
        clients.add("a");
        clients.add("b");
        client("a").listens(() -> {});
        client("b").listens(() -> {});
        end("one").get();
        end("two").get();
        awaitSent("b", "one", "two");
        assertThat(of("a")).isEmpty();
        stuck.get("a").countDown();
        awaitSent("a", "one", "two");
    }

    /** That a stream is gone shows when something is written to it, or a moment later. */
    @Test
    void a_stream_that_takes_nothing_any_more_does_not_make_its_client_deaf() throws Exception {
        clients.add("a");
        int first = client("a").listens(() -> {});
        end("one").get();
        broken.add("a");
        FutureTask<Void> two = end("two");
        await().untilAsserted(() -> assertThat(refused).hasValue(1));
        for (int i = 2; i <= 4; i++) {
            int times = i;
            client("a").listens(() -> {});
            await().untilAsserted(() -> assertThat(refused).hasValue(times));
        }
        assertThat(two).isNotDone();
        broken.clear();
        client("a").leaves(first);
        client("a").listens(() -> {});
        two.get();
        end("three").get();
        assertThat(of("a")).first().isEqualTo("one");
        assertThat(of("a")).endsWith("two", "three").filteredOn("two"::equals).hasSize(1);
    }

    @Test
    void what_nobody_has_heard_at_the_close_was_not_heard() throws Exception {
        clients.add("a");
        FutureTask<Void> one = end("one");
        clients.remove("a");
        clients.close();
        assertThatThrownBy(one::get).cause().isInstanceOf(InterruptedException.class);
    }
}
