package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What a view costs an agent that runs jobs as fast as it can: its throughput while the view goes on, by that while the view is
 * stopped (SIGSTOP), in turns in one run. The ratio is printed; what is asserted is the view's part of the processors, which no
 * other load of the machine changes much.
 */
@EnabledIfSystemProperty(named = "tau.jobs.deep", matches = "true")
@Timeout(300)
class ViewCostIT {
    private static final int TURNS = 15;
    /** Some two seconds. */
    private static final int JOBS = 240;
    /** So many a view may look at that ended while it was stopped: that is no cost of the turn. */
    private static final int SETTLING_JOBS = 120;

    private static final int WAITING = 50;
    private static final double MOST = 0.05;

    @TempDir
    Path root;

    private volatile boolean over;

    @Test
    void topTakesLittleOfAnAgentsThroughput() throws Exception {
        assumeThat(TerminalSession.isAvailable())
                .as("there is a script(1) of util-linux")
                .isTrue();
        try (JobsHost host = busyHost();
                TerminalSession screen = TerminalSession.start(
                        root,
                        160,
                        40,
                        Map.of(
                                "TAU_JOBS",
                                Launcher.path(),
                                "DIR",
                                JobsHost.stateDir(root).toString()),
                        "\"$TAU_JOBS\" top \"$DIR\"")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> screen.text().contains("agent "));
            measure("top", host, view("top"));
        } finally {
            over = true;
        }
    }

    @Test
    void servingAPageTakesLittleOfAnAgentsThroughput() throws Exception {
        Path out = root.resolve("out");
        try (JobsHost host = busyHost()) {
            Process server = new ProcessBuilder(
                            Launcher.path(), "serve", JobsHost.stateDir(root).toString())
                    .redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> Json.text(out).endsWith("/\n"));
                URI live = URI.create(Json.text(out).strip()).resolve("live");
                HttpResponse<InputStream> page = HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(live).build(), HttpResponse.BodyHandlers.ofInputStream());
                Thread reader = new Thread(() -> drain(page.body()), "page");
                reader.setDaemon(true);
                reader.start();
                measure("serve", host, view("serve"));
                page.body().close();
            } finally {
                server.destroyForcibly().waitFor();
            }
        } finally {
            over = true;
        }
    }

    private static void drain(InputStream page) {
        try (page) {
            page.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The test has closed it.
        }
    }

    /** An agent that always has something to do, and whose history stays short. */
    private JobsHost busyHost() {
        JobsHost host = JobsHost.open(root, "no-session", "true", "jobs-workers", "2", "jobs-retain-count", "500");
        Thread feeder = new Thread(() -> feed(host), "feeder");
        feeder.setDaemon(true);
        feeder.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> succeeded(host) > 200);
        return host;
    }

    private void feed(JobsHost host) {
        while (!over) {
            if (health(host).path("queue_depth").asInt() < WAITING) {
                host.call("jobs_create", Map.of("command", "true"));
            } else {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private static JsonNode health(JobsHost host) {
        return host.list(Map.of("limit", 1)).path("health");
    }

    private static long succeeded(JobsHost host) {
        return health(host).path("succeeded_total").asLong();
    }

    /** The JVM of a view: the launcher has become it. */
    private ProcessHandle view(String command) {
        String dir = JobsHost.stateDir(root).toString();
        List<ProcessHandle> found = ProcessHandle.allProcesses()
                .filter(process -> List.of(process.info().arguments().orElse(new String[0]))
                        .containsAll(List.of("-jar", command, dir)))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    @SuppressWarnings("SystemOut") // the figures are for who reads the build's log
    private void measure(String name, JobsHost host, ProcessHandle view) throws Exception {
        List<Double> with = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        Duration cpu = Duration.ZERO;
        double seconds = 0;
        for (int turn = 0; turn < TURNS; turn++) {
            signal(view, "-CONT");
            secondsOf(SETTLING_JOBS, host);
            Duration before = cpuOf(view);
            double took = secondsOf(JOBS, host);
            cpu = cpu.plus(cpuOf(view)).minus(before);
            seconds += took;
            with.add(JOBS / took);
            signal(view, "-STOP");
            without.add(JOBS / secondsOf(JOBS, host));
        }
        double share = cpu.toMillis() / 1e3 / seconds / Runtime.getRuntime().availableProcessors();
        signal(view, "-CONT");
        List<Double> ratios = new ArrayList<>();
        for (int turn = 1; turn < TURNS; turn++) {
            // Between the turns before and behind it, as the machine changes slowly.
            ratios.add(with.get(turn) / ((without.get(turn - 1) + without.get(turn)) / 2));
        }
        System.out.printf(
                "%s: an agent's throughput beside it by that without it: median %.3f, from %.2f to %.2f (%d turns, %.0f jobs/s);"
                        + " its part of all processors: %.3f%n",
                name,
                median(ratios),
                ratios.stream().mapToDouble(one -> one).min().orElse(0),
                ratios.stream().mapToDouble(one -> one).max().orElse(0),
                ratios.size(),
                median(without),
                share);
        assertThat(share).as("the part of all processors that %s takes", name).isLessThan(MOST);
    }

    private static Duration cpuOf(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** How long it takes until so many more jobs have succeeded. */
    private static double secondsOf(int jobs, JobsHost host) {
        long enough = succeeded(host) + jobs;
        long begin = System.nanoTime();
        await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> succeeded(host) >= enough);
        return (System.nanoTime() - begin) / 1e9;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static void signal(ProcessHandle process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
