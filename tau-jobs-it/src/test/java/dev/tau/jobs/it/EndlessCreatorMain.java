package dev.tau.jobs.it;

import dev.tau.jobs.testing.JobsHost;
import java.nio.file.Path;
import java.util.Map;

/** A host in a JVM of its own, to be killed: creates quick jobs without end and prints the id of each when it has ended. */
final class EndlessCreatorMain {
    private EndlessCreatorMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        try (JobsHost host = JobsHost.open(Path.of(args[0]), BoundedStateDirIT.KEEP_20)) {
            while (true) {
                String id = host.create(Map.of("command", "true"));
                host.awaitEnd(id);
                System.out.println(id);
                System.out.flush();
            }
        }
    }
}
