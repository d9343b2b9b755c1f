package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.TauJobs;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@TauJobs({"jobs-workers=1", "no-session=true"})
class TauJobsExtensionIT {
    private static final Set<Path> ROOTS = new HashSet<>();
    private static final Map<String, Path> JOBS = new HashMap<>();

    @AfterAll
    static void directories_and_processes_are_gone() {
        assertThat(ROOTS).isNotEmpty().allSatisfy(root -> assertThat(root).doesNotExist());
        assertThat(JOBS)
                .isNotEmpty()
                .allSatisfy((id, root) -> assertThat(JobProcess.pidsOf(JobsHost.stateDir(root), id))
                        .isEmpty());
    }

    @Test
    void a_test_has_one_host_on_an_empty_directory(JobsHost host, JobsHost same) throws Exception {
        assertThat(host).isSameAs(same);
        assertThat(ROOTS.add(host.root())).isTrue();
        assertThat(host.list(Map.of()).path("count").asInt()).isZero();
        String id = host.shell("sleep 300");
        host.awaitStatus(id, "running");
        host.awaitProcesses(id, 1);
        JOBS.put(id, host.root().toRealPath());
    }

    @Test
    void the_class_says_the_settings(JobsHost host) {
        assertThat(ROOTS.add(host.root())).isTrue();
        host.awaitStatus(host.shell("sleep 300"), "running");
        assertThat(host.job(host.shell("true")).path("status").asString()).isEqualTo("queued");
    }

    @Test
    @TauJobs("jobs-enabled=false")
    void the_method_beats_the_class(JobsHost host) {
        assertThat(host.call("jobs_list", Map.of()).reasonCode()).isEqualTo("jobs_disabled");
    }

    @Nested
    class Inner {
        @Test
        void settings_of_the_outer_class_hold(JobsHost host) {
            host.awaitStatus(host.shell("sleep 300"), "running");
            assertThat(host.job(host.shell("true")).path("status").asString()).isEqualTo("queued");
        }
    }
}
