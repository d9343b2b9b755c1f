package dev.tau.jobs.bench.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Makes Linux forget what it has read, so that the next read comes from the disk. */
final class PageCache {
    private static final Path DROP = Path.of("/proc/sys/vm/drop_caches");

    private PageCache() {}

    static Optional<String> absence() {
        return Files.isWritable(DROP)
                ? Optional.empty()
                : Optional.of("may not drop the page cache: needs root on Linux");
    }

    static void drop() throws IOException, InterruptedException {
        // Dirty pages are not dropped.
        new ProcessBuilder("sync").start().waitFor();
        Files.writeString(DROP, "3\n");
    }
}
