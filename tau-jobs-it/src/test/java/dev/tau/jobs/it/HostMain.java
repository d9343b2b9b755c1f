package dev.tau.jobs.it;

import dev.tau.jobs.testing.JobProcess;
import dev.tau.jobs.testing.JobsHost;
import dev.tau.jobs.testing.KillPoint;
import dev.tau.jobs.testing.KillableJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A host in a JVM of its own, to be killed: runs a tree of processes, prints the job's id and waits. Arguments: the root,
 * {@link #NEW_JOB} or the id of a job that is there, settings in pairs.
 */
final class HostMain {
    static final String NEW_JOB = "new";
    static final String TREE = "sleep 300 & setsid sleep 300 & wait";

    private HostMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        List<String> settings = new ArrayList<>(List.of("jobs-workers", "1", "no-session", "true"));
        settings.addAll(Arrays.asList(args).subList(2, args.length));
        try (JobsHost host = JobsHost.open(Path.of(args[0]), settings.toArray(String[]::new))) {
            String id = args[1].equals(NEW_JOB) ? host.shell(TREE) : args[1];
            host.awaitStatus(id, "running");
            System.out.println("id=" + id);
            KillPoint.hold("running");
        }
    }

    /** Starts the host and waits until its new job runs. */
    static KillableJvm start(Path root, String... settings) {
        return restart(root, NEW_JOB, settings);
    }

    /** Starts the host and waits until a job that is there already runs again. */
    static KillableJvm restart(Path root, String id, String... settings) {
        KillableJvm.Builder jvm =
                KillableJvm.of(HostMain.class).argument(root.toString()).argument(id);
        for (String setting : settings) {
            jvm.argument(setting);
        }
        KillableJvm host = jvm.start();
        host.awaitPoint("running");
        return host;
    }

    /** The id of the host's one job, once all three of its processes are there. */
    static String jobId(Path root, KillableJvm host) {
        String id = host.awaitLine("id=");
        JobProcess.await(JobsHost.stateDir(root), id, 3);
        return id;
    }
}
