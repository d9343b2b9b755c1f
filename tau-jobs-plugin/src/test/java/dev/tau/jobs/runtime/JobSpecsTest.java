package dev.tau.jobs.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.job.JobOptions;
import dev.tau.jobs.job.JobSpec;
import dev.tau.jobs.job.JobTrace;
import dev.tau.jobs.spi.ToolContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobSpecsTest {
    private long now = TimeUnit.DAYS.toMillis(20_000);
    private final JobSpecs specs = new JobSpecs(
            JobsConfig.from(ToolContext.builder().build()), () -> Instant.ofEpochMilli(now), 0, 0, id -> false);

    private JobSpec delayed(long delayMs) {
        return specs.of(
                new JobRequest("true", List.of(), Map.of(), null, null, JobTrace.NONE, JobOptions.NONE, delayMs, null),
                null);
    }

    /** The order of creation does not change with the clock; when a job starts does. */
    @Test
    void a_delay_counts_from_now_though_the_clock_was_set_back() {
        long fast = now;
        assertThat(delayed(1_000).options().notBeforeUnixMs()).isEqualTo(fast + 1_000);

        now -= TimeUnit.HOURS.toMillis(6);
        JobSpec later = delayed(1_000);
        assertThat(later.createdUnixMs()).isEqualTo(fast);
        assertThat(later.options().notBeforeUnixMs()).isEqualTo(now + 1_000);
    }
}
