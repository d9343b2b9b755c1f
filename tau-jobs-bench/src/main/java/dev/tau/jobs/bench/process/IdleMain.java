package dev.tau.jobs.bench.process;

import dev.tau.jobs.bench.host.Host;
import dev.tau.jobs.bench.peer.JobSystem;
import java.nio.file.Path;
import java.util.Map;

/** Has nothing to do, and is looked at from outside while it does it. */
public final class IdleMain {
    private IdleMain() {}

    /**
     * Opens, and waits for the end of its input.
     *
     * @param arguments {@code nothing}, {@code tau-jobs}, or a peer as {@link JobSystem#open} knows it; and a directory
     * @throws Exception if it does not open
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "nothing" -> idle();
            case "tau-jobs" -> {
                try (Host host = Host.open(directory, Map.of())) {
                    host.call("jobs_list", Map.of());
                    idle();
                }
            }
            default -> {
                try (JobSystem peer = JobSystem.open(arguments[0], directory)) {
                    idle();
                }
            }
        }
        System.exit(0);
    }

    private static void idle() throws java.io.IOException {
        // So that no collection of what the start left falls into what is measured.
        System.gc();
        Measured.readyUntilEndOfInput();
    }
}
