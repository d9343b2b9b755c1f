package dev.tau.jobs.bench.suite;

import dev.tau.jobs.bench.host.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Where a run keeps its files: fresh directories, logs, and the large state dirs that are made once for all turns. */
public final class Workspace implements AutoCloseable {
    private final Path root;
    private final Scale scale;
    private final Progress progress;
    private final Map<String, Path> shared = new HashMap<>();
    private int lastLog;

    /** Fills a directory that is used by several turns. */
    interface Filler {
        void fill(Path directory) throws IOException, InterruptedException;
    }

    Workspace(Path parent, Scale scale, Progress progress) throws IOException, InterruptedException {
        this.root = Files.createTempDirectory(parent, "tau-jobs-bench-");
        InodeSpread.ask(root);
        this.scale = scale;
        this.progress = progress;
    }

    Scale scale() {
        return scale;
    }

    Path root() {
        return root;
    }

    /** A new empty directory, apart from all others where the file system can do that. */
    Path fresh() throws IOException {
        return Files.createTempDirectory(root, "turn-");
    }

    /** A file that nobody writes to yet, for what a child process says. */
    Path log(String name) throws IOException {
        lastLog++;
        return Files.createFile(root.resolve(name + "-" + lastLog + ".log"));
    }

    /** A directory that is filled when it is first asked for. */
    Path shared(String name, Filler filler) throws IOException, InterruptedException {
        Path known = shared.get(name);
        if (known != null) {
            return known;
        }
        progress.say("preparing: %s", name);
        Path directory = Files.createTempDirectory(root, "shared-");
        filler.fill(directory);
        shared.put(name, directory);
        return directory;
    }

    /** Deletes everything. */
    @Override
    public void close() throws IOException {
        Directories.delete(root);
    }
}
