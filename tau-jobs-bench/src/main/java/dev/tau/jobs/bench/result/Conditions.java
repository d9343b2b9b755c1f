package dev.tau.jobs.bench.result;

import org.jspecify.annotations.Nullable;

/**
 * On what, and when, a figure was measured.
 *
 * @param date ISO 8601, UTC, when its run began
 * @param commit of the source tree, with {@code -dirty} if it had changes; null if unknown
 * @param quick whether by {@code --quick}
 * @param rounds how often each contestant had its turn
 * @param jdk version and vendor
 * @param os name, version and architecture
 * @param cores processors that the JVM may use
 * @param cpu the processor's name, or {@code unknown}
 * @param fileSystem the type of the file system that the state dirs lay on, such as ext4
 * @param loadBefore the system's load average of one minute when the run began; negative if unknown
 */
public record Conditions(
        String date,
        @Nullable String commit,
        boolean quick,
        int rounds,
        String jdk,
        String os,
        int cores,
        String cpu,
        String fileSystem,
        double loadBefore) {

    /**
     * The same with another number of rounds: a figure that takes too long gets fewer.
     *
     * @param count how many it got
     * @return a copy
     */
    public Conditions withRounds(int count) {
        return new Conditions(date, commit, quick, count, jdk, os, cores, cpu, fileSystem, loadBefore);
    }
}
