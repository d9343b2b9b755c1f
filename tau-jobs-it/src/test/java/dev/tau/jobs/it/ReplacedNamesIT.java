package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolResult;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What stands under a name may be replaced, by the job too: by a link, or another directory. */
@Timeout(120)
class ReplacedNamesIT {
    private static final String[] ONE_WORKER = {"jobs-workers", "1", "no-session", "true"};
    private static final String VICTIM = "precious, not the job's\n";

    @TempDir
    Path temporary;

    private Path root;
    private Path outside;
    private Path victim;

    @BeforeEach
    void prepare() throws Exception {
        root = Files.createDirectory(temporary.resolve("root"));
        outside = Files.createDirectory(temporary.resolve("outside"));
        victim = Files.writeString(outside.resolve("victim"), VICTIM);
    }

    private static void assertCode(ToolResult result, String code) {
        assertThat(result.reasonCode()).as(result.json()).isEqualTo(code);
    }

    private static String reason(JsonNode answer) {
        return answer.path("job").path("reason_code").asString();
    }

    @Test
    void aLogThatItsJobReplacesByALinkIsNeitherReadNorPunched() throws Exception {
        String content = "precious\n".repeat(20_000);
        Files.writeString(victim, content);
        try (JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-max-output-bytes", "65536")) {
            String id = host.create(Map.of(
                    "command",
                    "sh",
                    "args",
                    List.of(
                            "-c",
                            "ln -sf \"$1\" \"$TAU_JOB_STATE_DIR/jobs/$TAU_JOB_ID.stdout.log\"",
                            "sh",
                            victim.toString())));
            host.awaitEnd(id);
            assertThat(host.status(id).toString()).doesNotContain("precious");
            assertThat(Json.text(victim).equals(content)).as("victim unchanged").isTrue();
        }
    }

    /** Who opens a pipe for writing waits until somebody reads. */
    @Test
    void aJobWithAPipeInTheLogsPlaceFailsAndTheNextOneRuns() throws Exception {
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            String first = host.shell("until [ -e go ]; do sleep 0.02; done");
            String id = host.create(Map.of("command", "true", "after", List.of(first)));
            Path log = JobsHost.jobFile(root, id, ".stdout.log");
            assertThat(new ProcessBuilder("mkfifo", log.toString()).start().waitFor())
                    .isZero();
            Files.createFile(root.resolve("go"));

            JsonNode end = host.awaitEnd(id);
            assertThat(reason(end)).isEqualTo("job_runtime_error");
            assertThat(end.path("job").path("error").asString()).contains("is no regular file: " + log);
            assertThat(reason(host.awaitEnd(host.shell("true")))).isEqualTo("job_succeeded");
        }
    }

    @Test
    void aStateDirThatOthersCanReadIsTightenedOrRefused() throws Exception {
        Path jobs = Files.createDirectories(JobsHost.stateDir(root).resolve("jobs"));
        for (Path directory : List.of(jobs, jobs.getParent())) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            ToolResult result = host.call("jobs_create", Map.of("command", "true"));
            if (result.isError()) {
                assertCode(result, "jobs_runtime_unavailable");
            } else {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(JobsHost.stateDir(root))))
                        .isEqualTo("rwx------");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs", "requests"})
    void aDirectoryOfTheStateDirThatIsALinkIsRefused(String name) throws Exception {
        Path other = Files.writeString(outside.resolve("other.json"), "{}");
        Files.createDirectories(JobsHost.stateDir(root));
        Files.createSymbolicLink(JobsHost.stateDir(root).resolve(name), outside);
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            ToolResult result = host.call("jobs_create", Map.of("command", "true"));
            if (!result.isError()) {
                host.awaitEnd(host.content(result).path("job").path("job_id").asString());
            }
            try (Stream<Path> files = Files.list(outside)) {
                assertThat(files).containsExactlyInAnyOrder(victim, other);
            }
            assertCode(result, "jobs_runtime_unavailable");
        }
    }

    /** Does something again and again on a thread of its own, until it is closed: then it must have been done, and never failed. */
    private static final class Again implements AutoCloseable {
        private final AtomicBoolean stop = new AtomicBoolean();
        private final CompletableFuture<Integer> rounds = new CompletableFuture<>();

        Again(Callable<Void> body) {
            new Thread(() -> run(body)).start();
        }

        private void run(Callable<Void> body) {
            try {
                int done = 0;
                for (; !stop.get(); done++) {
                    body.call();
                }
                rounds.complete(done);
            } catch (Exception e) {
                rounds.completeExceptionally(e);
            }
        }

        @Override
        public void close() {
            stop.set(true);
            assertThat(rounds)
                    .succeedsWithin(Duration.ofSeconds(20))
                    .satisfies(done -> assertThat(done).isPositive());
        }
    }

    @Test
    void aLogSwappedForALinkAsItsJobStartsIsNeverWrittenThrough() throws Exception {
        int jobs = 60;
        Map<String, Integer> codes = new TreeMap<>();
        try (JobsHost host = JobsHost.open(root, ONE_WORKER)) {
            String first = host.shell("until test -e go; do sleep 0.02; done");
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                ids.add(host.create(Map.of("command", "echo", "args", List.of("written through"))));
            }
            AtomicInteger next = new AtomicInteger();
            Again swapping = new Again(() -> {
                Path log = JobsHost.jobFile(root, ids.get(Math.min(next.get(), jobs - 1)), ".stdout.log");
                Path link = Files.createSymbolicLink(root.resolve("link"), victim);
                Files.move(link, log, StandardCopyOption.ATOMIC_MOVE);
                LockSupport.parkNanos(300_000);
                Files.deleteIfExists(log);
                LockSupport.parkNanos(300_000);
                return null;
            });
            try (swapping) {
                Files.createFile(root.resolve("go"));
                host.awaitEnd(first);
                for (String id : ids) {
                    codes.merge(reason(host.awaitEnd(id)), 1, Integer::sum);
                    next.incrementAndGet();
                }
            }
        }
        assertThat(codes.keySet()).isSubsetOf("job_succeeded", "job_runtime_error");
        assertOutsideIsAsBefore();
    }

    @Test
    void aCwdSwappedBetweenCheckAndUseIsNotEntered() throws Exception {
        Files.createDirectory(root.resolve("cwd"));
        Again swapping = new Again(() -> {
            Files.move(root.resolve("cwd"), root.resolve("aside"));
            Files.createSymbolicLink(root.resolve("cwd"), outside);
            LockSupport.parkNanos(700_000);
            Files.delete(root.resolve("cwd"));
            Files.move(root.resolve("aside"), root.resolve("cwd"));
            LockSupport.parkNanos(700_000);
            return null;
        });
        Map<String, Integer> codes = new TreeMap<>();
        try (JobsHost host = JobsHost.open(root, ONE_WORKER);
                swapping) {
            int made = 0;
            while (made < 150) {
                ToolResult result = host.call(
                        "jobs_create", Map.of("command", "touch", "args", List.of("was-here-" + made), "cwd", "cwd"));
                if (!result.isError()) {
                    made++;
                    codes.merge(
                            reason(host.awaitEnd(host.content(result)
                                    .path("job")
                                    .path("job_id")
                                    .asString())),
                            1,
                            Integer::sum);
                }
            }
        }
        assertThat(codes.keySet()).contains("job_succeeded").isSubsetOf("job_succeeded", "job_spawn_failed");
        assertOutsideIsAsBefore();
    }

    private void assertOutsideIsAsBefore() throws Exception {
        try (Stream<Path> files = Files.list(outside)) {
            assertThat(files).containsExactly(victim);
        }
        assertThat(victim).hasContent(VICTIM);
    }
}
