package dev.tau.jobs.bench.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Floor of whoever starts processes with the JDK: a pool of threads, and nothing is kept. */
final class ProcessPool implements JobSystem {
    private final ExecutorService pool = Executors.newFixedThreadPool(WORKERS);
    private final Path directory;
    private int last;

    ProcessPool(Path directory) {
        this.directory = directory;
    }

    @Override
    public void runAll(int jobs) throws Exception {
        List<Future<Integer>> ends = new ArrayList<>();
        for (int job = 0; job < jobs; job++) {
            String name = Integer.toString(last++);
            ends.add(pool.submit(() -> TrueCommand.run(directory, name)));
        }
        for (Future<Integer> end : ends) {
            if (end.get() != 0) {
                throw new IllegalStateException("/bin/true exited with " + end.get());
            }
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
