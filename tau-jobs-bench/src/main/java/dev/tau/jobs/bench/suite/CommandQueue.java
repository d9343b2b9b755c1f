package dev.tau.jobs.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;

/** tsp or nq, driven by a shell as their users do; only where they are installed. */
final class CommandQueue implements Contestant {
    /** $1: the program, $2: jobs, $3: an empty directory, which is the working directory. */
    private static final String TSP = """
            TS_SOCKET=$3/socket; TMPDIR=$3; TS_MAXFINISHED=100000; export TS_SOCKET TMPDIR TS_MAXFINISHED
            "$1" -S 2
            i=0
            while [ $i -lt "$2" ]; do "$1" /bin/true >/dev/null; i=$((i + 1)); done
            while "$1" -l | grep -qE '^[0-9]+ +(queued|running)'; do "$1" -w; done
            "$1" -K
            """;

    /** One job after the other; the server lives on between them. */
    private static final String TSP_ONE = """
            TS_SOCKET=$3/socket; TMPDIR=$3; export TS_SOCKET TMPDIR
            i=0
            while [ $i -lt "$2" ]; do "$1" /bin/true >/dev/null; "$1" -w; i=$((i + 1)); done
            "$1" -K
            """;

    private static final String NQ_ONE = """
            NQDIR=$3; export NQDIR
            i=0
            while [ $i -lt "$2" ]; do "$1" -c -q /bin/true >/dev/null; "$1" -w; i=$((i + 1)); done
            """;

    /** So many that the shell's own start does not count. */
    private static final int ONE_BY_ONE = 50;

    /** It has one worker for each chain of files in a directory. */
    private static final String NQ = """
            NQDIR=$3; export NQDIR
            i=0
            while [ $i -lt "$2" ]; do "$1" -q /bin/true >/dev/null; i=$((i + 1)); done
            "$1" -w
            """;

    private final Workspace workspace;
    private final String name;
    private final String script;
    private final int jobs;
    private final ToDoubleBiFunction<Integer, Double> value;
    private final Optional<Path> program;

    private CommandQueue(
            Workspace workspace, String name, String script, int jobs, ToDoubleBiFunction<Integer, Double> value) {
        this.workspace = workspace;
        this.name = name;
        this.script = script;
        this.jobs = jobs;
        this.value = value;
        this.program = Programs.find(name);
    }

    /** Many jobs: how many a second. */
    static List<Contestant> throughput(Workspace workspace, int jobs) {
        return List.of(
                new CommandQueue(workspace, "tsp", TSP, jobs, (count, seconds) -> count / seconds),
                new CommandQueue(workspace, "nq", NQ, jobs, (count, seconds) -> count / seconds));
    }

    /** One job: µs. */
    static List<Contestant> latency(Workspace workspace) {
        return List.of(
                new CommandQueue(workspace, "tsp", TSP_ONE, ONE_BY_ONE, (count, seconds) -> seconds * 1e6 / count),
                new CommandQueue(workspace, "nq", NQ_ONE, ONE_BY_ONE, (count, seconds) -> seconds * 1e6 / count));
    }

    @Override
    public String id() {
        return name;
    }

    @Override
    public String title() {
        return name;
    }

    @Override
    public Optional<String> absence() {
        return program.isPresent() ? Optional.empty() : Optional.of("not on the PATH");
    }

    @Override
    public Map<String, Double> measure() throws IOException, InterruptedException {
        Path directory = workspace.fresh();
        Path log = workspace.log(name);
        String queue = program.orElseThrow().toString();
        ProcessBuilder shell = new ProcessBuilder(
                        "sh", "-ec", script, name, queue, Integer.toString(jobs), directory.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        long start = System.nanoTime();
        int code = shell.start().waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (code != 0) {
            throw new IOException(
                    "exit code " + code + ": " + Files.readString(log).strip());
        }
        return Map.of(VALUE, value.applyAsDouble(jobs, seconds));
    }
}
