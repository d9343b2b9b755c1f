package dev.tau.jobs.it;

import java.io.IOException;
import java.io.OutputStream;
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

    private HostMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException {
        List<String> settings = new ArrayList<>(List.of("jobs-workers", "1", "no-session", "true"));
        settings.addAll(Arrays.asList(args).subList(2, args.length));
        try (JobsHost host = JobsHost.open(Path.of(args[0]), settings.toArray(String[]::new))) {
            String id = args[1].equals(NEW_JOB) ? host.shell(ChildHost.TREE) : args[1];
            host.awaitStatus(id, "running");
            System.out.println("id=" + id);
            System.out.flush();
            System.in.transferTo(OutputStream.nullOutputStream()); // until the end of input
        }
    }
}
