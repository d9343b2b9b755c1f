package dev.tau.jobs.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.Snapshot;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class ManagementTest {
    /** With all that a name may not have as it is. */
    private static final Path DIR = Path.of("/tmp/a \"dir\", *=?\n");

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    private final AtomicLong queued = new AtomicLong(1);

    private final SyncTimes syncs = new SyncTimes();
    private final Management.Counted counted = new Management.Counted(this::counters, syncs, () -> 3);

    private Snapshot counters() {
        return new Snapshot(
                1,
                queued.get(),
                2,
                3,
                4,
                5,
                6,
                7,
                "job",
                "job_started",
                List.of("a"),
                List.of("b"),
                Snapshot.Removed.NONE);
    }

    private static ObjectName name() throws Exception {
        return new ObjectName("dev.tau.jobs:type=JobRuntime,stateDirectory=" + ObjectName.quote(DIR.toString()));
    }

    @Test
    void it_shows_the_counters_as_they_are_now_until_it_is_closed() throws Exception {
        Management management = new Management(DIR, counted);
        assertThat(beans.isRegistered(name())).isFalse();
        management.register();
        assertThat(beans.getAttribute(name(), "QueueDepth")).isEqualTo(1L);
        queued.set(17);
        assertThat(beans.getAttribute(name(), "QueueDepth")).isEqualTo(17L);
        syncs.add(1_500_000_000);
        assertThat(beans.getAttribute(name(), "StoreSyncCount")).isEqualTo(1L);
        assertThat(beans.getAttribute(name(), "StoreSyncSeconds")).isEqualTo(1.5);
        assertThat(beans.getAttribute(name(), "LostTraceEvents")).isEqualTo(3L);
        assertThat(beans.getAttribute(name(), "StateDirectory")).isEqualTo(DIR.toString());
        assertThat(beans.getAttribute(name(), "ReasonCodes")).isEqualTo(new String[] {"a"});
        management.close();
        assertThat(beans.isRegistered(name())).isFalse();
    }

    @Test
    void once_closed_it_is_not_shown_any_more() throws Exception {
        Management management = new Management(DIR, counted);
        management.close();
        management.register();
        assertThat(beans.isRegistered(name())).isFalse();
    }

    /** Another copy of the plugin may have had the directory a moment ago. */
    @Test
    void one_that_is_there_already_stays() throws Exception {
        try (Management first = new Management(DIR, counted);
                Management second = new Management(DIR, counted)) {
            first.register();
            second.register();
            second.close();
            assertThat(beans.isRegistered(name())).isTrue();
        }
    }
}
