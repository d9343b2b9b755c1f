package dev.tau.jobs.bench.process;

import dev.tau.jobs.bench.peer.JobSystem;
import java.nio.file.Path;

/** Runs {@code /bin/true} many times with one of the job systems: jobs a second, and CPU of all processes a job. */
public final class TrueJobsMain {
    private TrueJobsMain() {}

    /**
     * Measures once, in a JVM that is warm, as a host's is.
     *
     * @param arguments the system, an empty directory, jobs before, jobs measured
     * @throws Exception if a job did not succeed
     */
    public static void main(String[] arguments) throws Exception {
        int jobs = Integer.parseInt(arguments[3]);
        try (JobSystem system = JobSystem.open(arguments[0], Path.of(arguments[1]))) {
            system.runAll(Integer.parseInt(arguments[2]));
            boolean linux = ProcFiles.absence().isEmpty();
            double cpuMs = linux ? ProcFiles.treeCpuMs() : 0;
            long start = System.nanoTime();
            system.runAll(jobs);
            double seconds = (System.nanoTime() - start) / 1e9;
            Measured.print("value", jobs / seconds);
            if (linux) {
                Measured.print("cpu_ms", (ProcFiles.treeCpuMs() - cpuMs) / jobs);
            }
        }
        // A peer may leave a thread behind that is no daemon.
        System.exit(0);
    }
}
