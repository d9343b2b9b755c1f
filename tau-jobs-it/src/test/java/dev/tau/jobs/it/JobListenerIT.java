package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A listener hears of each end once, wherever the host was when it came. */
@Timeout(60)
class JobListenerIT {
    private static final String[] SETTINGS = {"no-session", "true", "jobs-workers", "2"};

    @TempDir
    Path root;

    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private JobsHost open(String name) {
        return JobsHost.open(root, ToolContext.builder().jobListener(JobListener.of(name, this::hear)), SETTINGS);
    }

    /** One that is busy with the first end until somebody counts down, or interrupts it. */
    private ToolContext.Builder hearingUntil(CountDownLatch slow) {
        return ToolContext.builder().jobListener(JobListener.of("agent", end -> {
            hear(end);
            try {
                slow.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    private void hear(TraceEvent end) {
        heard.add(end.jobId() + " " + end.event() + " " + end.reasonCode() + " " + end.exitCode());
    }

    @Test
    void itHearsOfEachEndWithItsOutcome() {
        try (JobsHost host = open("agent")) {
            String good = host.create(Map.of("command", "true"));
            String bad = host.shell("exit 3");
            String long_ = host.create(Map.of("command", "sleep", "args", List.of("300")));
            host.cancel(long_);
            await().untilAsserted(() -> assertThat(heard)
                    .containsExactlyInAnyOrder(
                            good + " succeeded job_succeeded 0",
                            bad + " failed job_non_zero_exit 3",
                            // Before its start or after it, as it comes.
                            host.job(long_).path("started_unix_ms").isNull()
                                    ? long_ + " cancelled job_cancelled_before_start null"
                                    : long_ + " cancelled job_cancelled_during_run null"));
        }
    }

    @Test
    void itHearsLaterOfWhatEndedWhileItWasAwayAndOfNothingTwice() {
        String first;
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            // Before it was ever there.
            host.awaitEnd(host.create(Map.of("command", "true")));
        }
        try (JobsHost host = open("agent")) {
            first = host.create(Map.of("command", "true"));
            await().untilAsserted(() -> assertThat(heard).hasSize(1));
        }
        String away;
        try (JobsHost host = JobsHost.open(root, SETTINGS)) {
            away = host.create(Map.of("command", "false"));
            host.awaitEnd(away);
        }
        try (JobsHost host = open("agent")) {
            await().untilAsserted(() -> assertThat(heard).hasSize(2));
            String last = host.create(Map.of("command", "true"));
            await().untilAsserted(() -> assertThat(heard)
                    .containsExactly(
                            first + " succeeded job_succeeded 0",
                            away + " failed job_non_zero_exit 1",
                            last + " succeeded job_succeeded 0"));
        }
        heard.clear();
        try (JobsHost host = open("agent")) {
            String more = host.create(Map.of("command", "true"));
            await().untilAsserted(() -> assertThat(heard).containsExactly(more + " succeeded job_succeeded 0"));
        }
        heard.clear();
        // Another one has heard of nothing, and missed nothing.
        try (JobsHost host = open("other")) {
            String more = host.create(Map.of("command", "true"));
            await().untilAsserted(() -> assertThat(heard).containsExactly(more + " succeeded job_succeeded 0"));
        }
    }

    /** Perhaps a newer version's: to begin anew would lose what it says. */
    @Test
    void whatItHasHeardIsNotReplacedWhenItCantBeRead() throws Exception {
        try (JobsHost host = open("agent")) {
            host.create(Map.of("command", "true"));
            await().untilAsserted(() -> assertThat(heard).hasSize(1));
        }
        Path file;
        try (Stream<Path> files = Files.list(JobsHost.stateDir(root).resolve("heard"))) {
            file = files.findAny().orElseThrow();
        }
        String newer = Files.readString(file).replaceFirst("\"schema_version\": *1", "\"schema_version\": 99");
        Files.writeString(file, newer);
        try (JobsHost host = open("agent")) {
            host.create(Map.of("command", "true"));
            await().untilAsserted(() -> assertThat(heard).hasSize(2));
        }
        assertThat(file).content().isEqualTo(newer);
    }

    @Test
    void aGuestHearsOfItsOwnJobsAndOfTheRestWhenItTakesOver() throws Exception {
        try (JobsHost before = open("agent")) {
            assertThat(before.list(Map.of()).path("count").asInt()).isZero();
        }
        try (KillableJvm owner = HostMain.start(root, "jobs-workers", "4");
                JobsHost guest = open("agent")) {
            // The owner's own job is not this host's to hear of, as long as it is a guest and has not asked for it.
            String ofOwner = HostMain.jobId(root, owner);
            String ended = guest.create(Map.of("command", "true"));
            await().untilAsserted(() -> assertThat(heard).containsExactly(ended + " succeeded job_succeeded 0"));
            guest.cancel(ofOwner);
            guest.awaitEnd(ofOwner);
            String[] both = {ended + " succeeded job_succeeded 0", ofOwner + " cancelled job_cancelled_during_run null"
            };
            await().untilAsserted(() -> assertThat(heard).containsExactly(both));
            owner.kill();
            // Nothing twice.
            String last = guest.create(Map.of("command", "true"));
            await().untilAsserted(
                            () -> assertThat(heard).hasSize(3).last().asString().startsWith(last));
        }
    }

    @Test
    void aGuestsListenerThatWasNeverHereBeforeMissesNothing() throws Exception {
        try (KillableJvm owner = HostMain.start(root, "jobs-workers", "4")) {
            String ofOwner = HostMain.jobId(root, owner);
            String own;
            try (JobsHost guest = open("agent")) {
                own = guest.create(Map.of("command", "true"));
                await().untilAsserted(() -> assertThat(heard).containsExactly(own + " succeeded job_succeeded 0"));
            }
            try (JobsHost guest = JobsHost.open(root, SETTINGS)) {
                guest.cancel(ofOwner);
                guest.awaitEnd(ofOwner);
            }
            owner.kill();
            try (JobsHost host = open("agent")) {
                await().untilAsserted(() -> assertThat(heard)
                        .containsExactly(
                                own + " succeeded job_succeeded 0",
                                ofOwner + " cancelled job_cancelled_during_run null"));
                assertThat(host.list(Map.of()).path("count").asInt()).isEqualTo(2);
            }
        }
    }

    @Test
    void whatAGuestsListenerHasNotHeardWhenItTakesOverItHearsOnce() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        ToolContext.Builder context = hearingUntil(slow);
        try (KillableJvm owner = HostMain.start(root, "jobs-workers", "4");
                JobsHost guest = JobsHost.open(root, context, SETTINGS)) {
            List<String> ended = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                String id = guest.create(Map.of("command", "true"));
                guest.awaitEnd(id);
                ended.add(id + " succeeded job_succeeded 0");
            }
            await().untilAsserted(() -> assertThat(heard).hasSize(1));
            owner.kill();
            String last = guest.create(Map.of("command", "true"));
            guest.awaitEnd(last);
            ended.add(last + " succeeded job_succeeded 0");
            slow.countDown();
            await().untilAsserted(() -> assertThat(heard).containsExactlyInAnyOrderElementsOf(ended));
        }
        // Nor does it hear of any again.
        try (JobsHost host = open("agent")) {
            String more = host.create(Map.of("command", "true"));
            await().untilAsserted(
                            () -> assertThat(heard).hasSize(5).last().asString().startsWith(more));
        }
    }

    @Test
    void afterItsHostHasClosedItHearsNothingAndNothingTwice() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        ToolContext.Builder context = hearingUntil(slow);
        try (JobsHost host = JobsHost.open(root, context, SETTINGS)) {
            for (int i = 0; i < 3; i++) {
                host.awaitEnd(host.create(Map.of("command", "true")));
            }
            await().untilAsserted(() -> assertThat(heard).hasSize(1));
        }
        slow.countDown();
        List<String> first = List.copyOf(heard);
        heard.clear();
        try (JobsHost host = open("agent")) {
            await().untilAsserted(() -> assertThat(heard).hasSize(2));
            assertThat(heard).doesNotContainAnyElementsOf(first);
            String last = host.create(Map.of("command", "true"));
            await().untilAsserted(
                            () -> assertThat(heard).hasSize(3).last().asString().startsWith(last));
        }
    }

    /** It may have waited for what the end of the host keeps from coming. */
    @Test
    void whatItHasNotHeardAsItWasInterruptedItHearsAtTheNextStart() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        ToolContext.Builder context = ToolContext.builder().jobListener(new JobListener() {
            @Override
            public String name() {
                return "agent";
            }

            @Override
            public void jobEnded(TraceEvent end) throws InterruptedException {
                never.await();
            }
        });
        List<String> ended = new ArrayList<>();
        try (JobsHost host = JobsHost.open(root, context, SETTINGS)) {
            for (int i = 0; i < 2; i++) {
                ended.add(host.create(Map.of("command", "true")));
                host.awaitEnd(ended.get(i));
            }
        }
        try (JobsHost host = open("agent")) {
            await().untilAsserted(() -> assertThat(heard)
                    .containsExactly(
                            ended.get(0) + " succeeded job_succeeded 0", ended.get(1) + " succeeded job_succeeded 0"));
            assertThat(host.list(Map.of()).path("count").asInt()).isEqualTo(2);
        }
    }

    @Test
    void oneThatThrowsHearsOfTheNextAndOneThatHangsHoldsUpNobody() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        ToolContext.Builder context = ToolContext.builder()
                .jobListener(JobListener.of("throwing", end -> {
                    hear(end);
                    throw new IllegalStateException("a bug of the host's");
                }))
                .jobListener(JobListener.of("failing", end -> {
                    hear(end);
                    throw new AssertionError("of the host's");
                }))
                .jobListener(JobListener.of("interrupting", end -> {
                    hear(end);
                    Thread.currentThread().interrupt();
                }))
                .jobListener(JobListener.of("hanging", end -> {
                    try {
                        hang.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
        try (JobsHost host = JobsHost.open(root, context, SETTINGS)) {
            for (int i = 0; i < 3; i++) {
                host.awaitEnd(host.create(Map.of("command", "true")));
            }
            await().untilAsserted(() -> assertThat(heard).hasSize(9));
            hang.countDown();
        }
    }

    @Test
    void aFileOfItsThatIsDamagedCostsNoStart() throws Exception {
        try (JobsHost host = open("agent")) {
            host.awaitEnd(host.create(Map.of("command", "true")));
            await().untilAsserted(() -> assertThat(heard).hasSize(1));
        }
        try (var files = Files.list(JobsHost.stateDir(root).resolve("heard"))) {
            for (Path file : files.toList()) {
                Files.writeString(file, "{");
            }
        }
        heard.clear();
        try (JobsHost host = open("agent")) {
            String id = host.create(Map.of("command", "true"));
            await().untilAsserted(() -> assertThat(heard).containsExactly(id + " succeeded job_succeeded 0"));
        }
    }
}
