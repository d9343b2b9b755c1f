package dev.tau.jobs.bench.process;

import dev.tau.jobs.bench.host.Host;
import dev.tau.jobs.bench.peer.SqliteJobs;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** Opens a state dir in a JVM that has done nothing before, until the first list is answered: ms. */
public final class OpenMain {
    private OpenMain() {}

    /**
     * Measures once.
     *
     * @param arguments {@code tau-jobs} and a state dir, or {@code sqlite} and a database; how many jobs it has at the least
     * @throws SQLException if SQLite refuses
     */
    public static void main(String[] arguments) throws SQLException {
        Path path = Path.of(arguments[1]);
        int jobs = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("sqlite")) {
            long start = System.nanoTime();
            try (SqliteJobs database = SqliteJobs.open(path)) {
                check(database.readAll(), jobs);
                Measured.print("value", (System.nanoTime() - start) / 1e6);
            }
            return;
        }
        long start = System.nanoTime();
        // One worker: what it runs sleeps, and the others stay queued.
        try (Host host = Host.open(path, Map.of("jobs-workers", "1"))) {
            host.call("jobs_list", Map.of());
            double ms = (System.nanoTime() - start) / 1e6;
            check(host.counter("created_total"), jobs);
            Measured.print("value", ms);
        }
    }

    private static void check(long found, int jobs) {
        if (found < jobs) {
            throw new IllegalStateException("found " + found + " of " + jobs + " jobs");
        }
    }
}
