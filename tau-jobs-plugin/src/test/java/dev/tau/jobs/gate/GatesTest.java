package dev.tau.jobs.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.spi.JobGate;
import dev.tau.jobs.spi.JobProposal;
import dev.tau.jobs.spi.JobRefusedException;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GatesTest {
    private static final JobProposal JOB =
            JobProposal.builder("true", List.of(), Path.of("/")).build();

    private interface Check {
        void check(JobProposal job) throws Exception;
    }

    private static GuardedGate guarded(Check check, Duration patience) {
        return new GuardedGate(
                new JobGate() {
                    @Override
                    public String name() {
                        return "test";
                    }

                    @Override
                    public void check(JobProposal job) throws Exception {
                        check.check(job);
                    }
                },
                patience);
    }

    private static GuardedGate guarded(Check check) {
        return guarded(check, Duration.ofSeconds(20));
    }

    @Test
    void a_gate_that_returns_lets_it_pass_and_sees_what_is_asked_for() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (GuardedGate gate = guarded(job -> {
            assertThat(job.command()).isEqualTo("true");
            seen.incrementAndGet();
        })) {
            gate.check(JOB);
            gate.check(JOB);
        }
        assertThat(seen).hasValue(2);
    }

    @Test
    void a_refusal_names_the_gate_and_its_reason() {
        try (GuardedGate gate = guarded(job -> {
            throw new JobRefusedException("not on Fridays");
        })) {
            assertThatThrownBy(() -> gate.check(JOB))
                    .isInstanceOf(JobRefusedException.class)
                    .hasMessage("refused by job gate test: not on Fridays");
        }
    }

    @Test
    void an_answer_of_its_own_goes_through_as_it_is() {
        ToolResult answer = ToolResult.error("jobs_create", "approval_required", "ask Ann", Map.of("ticket", 7));
        try (GuardedGate gate = guarded(job -> {
            throw new JobRefusedException(answer);
        })) {
            assertThatThrownBy(() -> gate.check(JOB))
                    .isInstanceOfSatisfying(
                            JobRefusedException.class,
                            refused -> assertThat(refused.answer()).isSameAs(answer));
        }
        ToolResult success = ToolResult.success("jobs_create", "job_queued", Map.of());
        assertThatThrownBy(() -> new JobRefusedException(success)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_gate_that_fails_refuses_whatever_it_throws() {
        for (Throwable thrown : List.of(new IllegalStateException("broken"), new NoClassDefFoundError("gone"))) {
            try (GuardedGate gate = guarded(job -> {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (Exception) thrown;
            })) {
                assertThatThrownBy(() -> gate.check(JOB))
                        .isInstanceOf(JobRefusedException.class)
                        .hasMessageContaining("job gate test failed")
                        .hasMessageContaining(thrown.getMessage());
            }
        }
    }

    @Test
    void a_gate_that_hangs_refuses_and_is_asked_again_when_it_comes_back() throws Exception {
        CountDownLatch comeBack = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        try (GuardedGate gate = guarded(
                job -> {
                    if (asked.incrementAndGet() == 1) {
                        boolean back = false;
                        while (!back) {
                            try {
                                back = comeBack.await(20, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                // It does not listen.
                                back = false;
                            }
                        }
                    }
                },
                Duration.ofMillis(200))) {
            assertThatThrownBy(() -> gate.check(JOB)).hasMessageContaining("did not answer within 200 ms");
            // Still hanging: this one waits behind it, and is not checked later.
            assertThatThrownBy(() -> gate.check(JOB)).hasMessageContaining("still busy with an earlier job");
            assertThat(asked).hasValue(1);
            comeBack.countDown();
            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThatCode(() -> gate.check(JOB)).doesNotThrowAnyException());
        }
    }

    @Test
    void a_gate_that_can_not_be_opened_says_so() {
        GuardedGate gate = new GuardedGate(
                new JobGate() {
                    @Override
                    public String name() {
                        throw new IllegalStateException("no name");
                    }

                    @Override
                    public void open(ToolContext context) {
                        throw new IllegalStateException("no policy file");
                    }

                    @Override
                    public void check(JobProposal job) {}
                },
                Duration.ofSeconds(20));
        assertThat(gate.open(ToolContext.builder().build()))
                .hasValueSatisfying(why -> assertThat(why).contains("no policy file", "(at open)", "GatesTest"));
        gate.close();
    }

    @Test
    void no_more_than_the_limit_pass_in_any_minute() throws Exception {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30));
        RateLimit limit = new RateLimit(2, now::get);
        limit.check(JOB);
        now.addAndGet(TimeUnit.SECONDS.toNanos(40));
        limit.check(JOB);
        assertThatThrownBy(() -> limit.check(JOB))
                .isInstanceOf(JobRefusedException.class)
                .hasMessageContaining("no more than 2 jobs a minute")
                .hasMessageContaining("in 21 s");
        now.addAndGet(TimeUnit.SECONDS.toNanos(20));
        limit.check(JOB);
        assertThatThrownBy(() -> limit.check(JOB)).hasMessageContaining("in 41 s");
    }
}
