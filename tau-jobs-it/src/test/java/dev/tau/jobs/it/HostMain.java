package dev.tau.jobs.it;

import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.KillPoint;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Path;

/** A host in a JVM of its own, to be killed: runs a tree of processes, prints the job's id and waits. */
final class HostMain {
    static final String TREE = "sleep 300 & setsid sleep 300 & wait";

    private HostMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        try (JobsHost host = JobsHost.open(Path.of(args[0]), "jobs-workers", "1", "no-session", "true")) {
            String id = host.shell(TREE);
            host.awaitStatus(id, "running");
            System.out.println("id=" + id);
            KillPoint.hold("running");
        }
    }

    /** Starts the host and waits until its job runs. */
    static KillableJvm start(Path root) {
        KillableJvm host =
                KillableJvm.of(HostMain.class).argument(root.toString()).start();
        host.awaitPoint("running");
        return host;
    }

    /** The id of the host's one job, once all three of its processes are there. */
    static String jobId(KillableJvm host) {
        String id = host.awaitLine("id=");
        JobsHost.awaitProcesses(id, 3);
        return id;
    }
}
