package dev.tau.jobs.bench.suite;

import dev.tau.jobs.bench.peer.JobSystem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The floor under all floors of starting processes: a C program, compiled at its first turn. */
final class PosixSpawn implements Contestant {
    private static final String SOURCE = "posix_spawn.c";

    private final Workspace workspace;
    private final Optional<Path> compiler = Programs.find("gcc", "cc", "clang");
    private @Nullable Path program;

    PosixSpawn(Workspace workspace) {
        this.workspace = workspace;
    }

    @Override
    public String id() {
        return "posix-spawn";
    }

    @Override
    public String title() {
        return "C, posix_spawn on 2 threads";
    }

    @Override
    public Optional<String> absence() {
        return compiler.isPresent() ? Optional.empty() : Optional.of("no C compiler (gcc, cc or clang) on the PATH");
    }

    @Override
    public Map<String, Double> measure() throws IOException, InterruptedException {
        Path executable = program;
        if (executable == null) {
            executable = compile(compiler.orElseThrow());
            program = executable;
        }
        Scale scale = workspace.scale();
        List<String> command = List.of(
                executable.toString(),
                workspace.fresh().toString(),
                Integer.toString(scale.warmupJobs()),
                Integer.toString(scale.trueJobs()),
                Integer.toString(JobSystem.WORKERS));
        try (Child child = Child.start(workspace, command, id())) {
            return child.finish();
        }
    }

    private Path compile(Path with) throws IOException, InterruptedException {
        Path directory = workspace.fresh();
        Path source = directory.resolve(SOURCE);
        try (InputStream resource = PosixSpawn.class.getResourceAsStream(SOURCE)) {
            if (resource == null) {
                throw new IOException("no resource " + SOURCE);
            }
            Files.copy(resource, source);
        }
        Path result = directory.resolve("posix_spawn");
        Path log = workspace.log("cc");
        Process compilation = new ProcessBuilder(
                        with.toString(), "-O2", "-pthread", "-o", result.toString(), source.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (compilation.waitFor() != 0) {
            throw new IOException(
                    "the compiler failed: " + Files.readString(log).strip());
        }
        return result;
    }
}
