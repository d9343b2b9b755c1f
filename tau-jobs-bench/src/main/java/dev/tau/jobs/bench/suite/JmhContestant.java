package dev.tau.jobs.bench.suite;

import dev.tau.jobs.bench.host.Scratch;
import dev.tau.jobs.bench.result.Statistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One JMH benchmark, one fork a turn. Its value is the median of the iterations' scores, or where single calls were timed the
 * median of all: a hiccup of the disk must not make a turn.
 */
final class JmhContestant implements Contestant {
    /** Bytes that one operation allocates, by the gc profiler. */
    static final String ALLOCATED = "allocated";

    private static final int ITERATIONS = 5;

    /** Gives a property that may be dear to make, such as the path of a large state dir. */
    interface Property {
        String value() throws IOException, InterruptedException;
    }

    private final Workspace workspace;
    private final String id;
    private final String title;
    private final Class<?> benchmark;
    private final String method;
    private int threads = 1;
    private String heap = "1g";
    private Optional<String> absence = Optional.empty();
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, Property> properties = new HashMap<>();

    JmhContestant(Workspace workspace, String id, String title, Class<?> benchmark, String method) {
        this.workspace = workspace;
        this.id = id;
        this.title = title;
        this.benchmark = benchmark;
        this.method = method;
    }

    JmhContestant threads(int count) {
        threads = count;
        return this;
    }

    JmhContestant heap(String size) {
        heap = size;
        return this;
    }

    JmhContestant parameter(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    /** A system property of the fork, asked for at the first turn. */
    JmhContestant property(String name, Property value) {
        properties.put(name, value);
        return this;
    }

    JmhContestant absent(Optional<String> why) {
        absence = why;
        return this;
    }

    @Override
    public Optional<String> absence() {
        return absence;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Map<String, Double> measure() throws IOException, InterruptedException, RunnerException {
        List<String> jvmArguments = new ArrayList<>(
                List.of("-Xmx" + heap, "-Djava.io.tmpdir=" + workspace.fresh(), "-D" + Scratch.KEPT + "=true"));
        for (Map.Entry<String, Property> property : properties.entrySet()) {
            jvmArguments.add(
                    "-D" + property.getKey() + "=" + property.getValue().value());
        }
        Scale scale = workspace.scale();
        // JMH adds up the rates of threads: who begins late for waiting counts too much in a short iteration.
        int iterations = threads == 1 ? ITERATIONS : 1;
        long measurementMs = scale.jmhMeasurement().toMillis() * (threads == 1 ? 1 : 2);
        Path log = workspace.log("jmh");
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(benchmark.getName() + "." + method) + "$")
                .forks(1)
                .threads(threads)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(scale.jmhWarmup().toMillis()))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(measurementMs / iterations))
                .shouldFailOnError(true)
                .addProfiler(GCProfiler.class)
                // Given, or the forks would get the driver's own.
                .jvmArgs(jvmArguments.toArray(String[]::new))
                .verbosity(VerboseMode.NORMAL)
                .output(log.toString());
        parameters.forEach(options::param);
        try {
            return values(new Runner(options.build()).run().iterator().next());
        } catch (RunnerException e) {
            throw new IOException(e.getMessage() + "\n" + Files.readString(log), e);
        }
    }

    private static Map<String, Double> values(RunResult run) {
        Map<String, List<Double>> iterations = new HashMap<>();
        for (BenchmarkResult fork : run.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                add(iterations, VALUE, iteration.getPrimaryResult());
                iteration.getSecondaryResults().forEach((name, result) -> {
                    if (name.endsWith("gc.alloc.rate.norm")) {
                        add(iterations, ALLOCATED, result);
                    }
                });
            }
        }
        Map<String, Double> values = new HashMap<>();
        iterations.forEach((name, scores) -> values.put(name, Statistics.median(scores)));
        if (run.getParams().getMode() == Mode.SampleTime) {
            values.put(VALUE, run.getPrimaryResult().getStatistics().getPercentile(50));
        }
        return values;
    }

    private static void add(Map<String, List<Double>> iterations, String name, Result<?> result) {
        iterations.computeIfAbsent(name, ignored -> new ArrayList<>()).add(result.getScore());
    }
}
