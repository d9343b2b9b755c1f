package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.tools.attach.VirtualMachine;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What machines see of an agent: a flight recording, a JMX client and a Prometheus. */
@Timeout(300)
class MonitoringIT {
    private static final int JOBS = Boolean.getBoolean("tau.jobs.deep") ? 1000 : 100;
    private static final String TOKEN = "not-a-secret-at-all";
    /** By their names in state.json; how JMX calls them. */
    private static final Map<String, String> COUNTERS = Map.of(
            "queue_depth", "QueueDepth",
            "running_jobs", "RunningJobs",
            "created_total", "CreatedTotal",
            "started_total", "StartedTotal",
            "succeeded_total", "SucceededTotal",
            "failed_total", "FailedTotal",
            "cancelled_total", "CancelledTotal");

    @TempDir
    Path root;

    private String tool(String name, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", name).toString()));
        command.addAll(List.of(arguments));
        Path out = root.resolve(name + ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Json.text(out)).isZero();
        return Json.text(out);
    }

    @Test
    void aRecordingAJmxClientAndAPrometheusAgreeWithStateJson() throws Exception {
        try (McpServer server = McpServer.start(root, "--jobs-workers", "4")) {
            Process serve = serve();
            try {
                String pid = Long.toString(server.pid());
                tool("jcmd", pid, "JFR.start", "name=it", "settings=none", "dev.tau.jobs.JobTransition#enabled=true");
                // The 100th of a hundred is cancelled.
                for (int i = 1; i <= JOBS; i++) {
                    String script = i % 100 == 0
                            ? "sleep 300"
                            : List.of("exit 0", "exit 3", "exit 0").get(i % 3);
                    JsonNode job = server.call("jobs_create", Map.of("command", script, "shell", true));
                    if (i % 100 == 0) {
                        server.call(
                                "jobs_cancel",
                                Map.of("job_id", job.path("job").path("job_id").asString()));
                    }
                }
                await().atMost(Duration.ofMinutes(2)).until(() -> {
                    JsonNode health =
                            server.call("jobs_list", Map.of("limit", 1)).path("health");
                    return health.path("queue_depth").asInt()
                                    + health.path("running_jobs").asInt()
                            == 0;
                });
                Map<String, Long> told =
                        counters(server.call("jobs_list", Map.of("limit", 1)).path("health"));
                assertThat(told)
                        .containsEntry("created_total", (long) JOBS)
                        .containsEntry("cancelled_total", JOBS / 100L);
                await().untilAsserted(() -> assertThat(
                                counters(Json.file(JobsHost.stateDir(root).resolve("state.json"))))
                        .isEqualTo(told));

                Path recording = root.resolve("it.jfr");
                tool("jcmd", pid, "JFR.dump", "name=it", "filename=" + recording);
                assertThat(recorded(recording)).isEqualTo(told);
                assertThat(managed(pid)).isEqualTo(told);
                await().untilAsserted(() -> assertThat(scraped()).isEqualTo(told));
            } finally {
                serve.destroy();
            }
            assertThat(serve.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Map<String, Long> counters(JsonNode members) {
        Map<String, Long> counters = new HashMap<>();
        COUNTERS.keySet().forEach(name -> counters.put(name, members.path(name).asLong()));
        return counters;
    }

    /** What the JDK's own tool prints, counted: each job's last status, and starts. */
    private Map<String, Long> recorded(Path recording) throws Exception {
        String text = tool("jfr", "print", "--json", "--events", "dev.tau.jobs.JobTransition", recording.toString());
        Map<String, String> last = new HashMap<>();
        long started = 0;
        for (JsonNode event : Json.parse(text).path("recording").path("events")) {
            JsonNode values = event.path("values");
            started += values.path("event").asString().equals("started") ? 1 : 0;
            last.put(values.path("jobId").asString(), values.path("status").asString());
        }
        Map<String, Long> counts = new HashMap<>();
        COUNTERS.keySet().forEach(name -> counts.put(name, 0L));
        last.values().forEach(status -> counts.merge(name(status), 1L, Long::sum));
        counts.put("created_total", (long) last.size());
        counts.put("started_total", started);
        return counts;
    }

    private static String name(String status) {
        return switch (status) {
            case "queued" -> "queue_depth";
            case "running" -> "running_jobs";
            default -> status + "_total";
        };
    }

    @SuppressWarnings("BanJNDI") // that a JMX client can, is what is tested
    private static Map<String, Long> managed(String pid) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(pid);
        String address = machine.startLocalManagementAgent();
        machine.detach();
        try (JMXConnector client = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
            MBeanServerConnection beans = client.getMBeanServerConnection();
            ObjectName pattern = new ObjectName("dev.tau.jobs:type=JobRuntime,*");
            await().untilAsserted(
                            () -> assertThat(beans.queryNames(pattern, null)).hasSize(1));
            Set<ObjectName> names = beans.queryNames(pattern, null);
            ObjectName name = names.iterator().next();
            Map<String, Long> values = new HashMap<>();
            for (Map.Entry<String, String> counter : COUNTERS.entrySet()) {
                values.put(counter.getKey(), (Long) beans.getAttribute(name, counter.getValue()));
            }
            assertThat(beans.getAttribute(name, "Diagnostics"))
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.array(String[].class))
                    .hasSize(24);
            return values;
        }
    }

    /** What there is to scrape from now on. */
    private Process serve() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Launcher.path(), "serve", JobsHost.stateDir(root).toString())
                .redirectOutput(root.resolve("serve.out").toFile());
        builder.environment().put("TAU_JOBS_SERVE_TOKEN", TOKEN);
        Process serve = builder.start();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> Json.text(root.resolve("serve.out")).endsWith("/\n"));
        return serve;
    }

    private Map<String, Long> scraped() throws Exception {
        URI address = URI.create(Json.text(root.resolve("serve.out")).strip());
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/metrics"))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        String text = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        Map<String, Long> values = new HashMap<>();
        values.put("queue_depth", value(text, "tau_jobs_queued{"));
        values.put("running_jobs", value(text, "tau_jobs_running{"));
        values.put("created_total", value(text, "tau_jobs_created_total{"));
        values.put("started_total", value(text, "tau_jobs_started_total{"));
        for (String outcome : List.of("succeeded", "failed", "cancelled")) {
            values.put(outcome + "_total", value(text, "tau_jobs_ended_total{", "outcome=\"" + outcome + "\""));
        }
        assertThat(value(text, "tau_jobs_wait_seconds_count{")).isEqualTo(values.get("started_total"));
        return values;
    }

    private static long value(String text, String begin, String... labels) {
        Pattern number = Pattern.compile("} (\\S+)$");
        return text.lines()
                .filter(line ->
                        line.startsWith(begin) && List.of(labels).stream().allMatch(line::contains))
                .map(number::matcher)
                .filter(Matcher::find)
                .mapToLong(line -> (long) Double.parseDouble(line.group(1)))
                .sum();
    }
}
