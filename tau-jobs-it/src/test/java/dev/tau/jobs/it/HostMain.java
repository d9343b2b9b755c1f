package dev.tau.jobs.it;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/** A host in a JVM of its own, to be killed: runs a tree of processes, prints the job's id and waits. */
final class HostMain {
    private HostMain() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] args) throws IOException {
        try (JobsHost host = JobsHost.open(Path.of(args[0]), "jobs-workers", "1", "no-session", "true")) {
            String id = host.shell(ChildHost.TREE);
            host.awaitStatus(id, "running");
            System.out.println("id=" + id);
            System.out.flush();
            System.in.transferTo(OutputStream.nullOutputStream()); // until the end of input
        }
    }
}
