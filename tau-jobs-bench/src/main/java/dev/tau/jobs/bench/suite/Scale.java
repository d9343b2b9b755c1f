package dev.tau.jobs.bench.suite;

import java.time.Duration;
import java.util.List;

/**
 * How much is done. Sizes are part of the figures' ids, so that no small one is compared with a large one.
 *
 * @param quick whether this is the quick one
 * @param rounds at the most
 * @param jmhWarmup of a JMH fork
 * @param jmhMeasurement of a JMH fork, all iterations together
 * @param trueJobs how many times /bin/true is run a turn
 * @param warmupJobs how many are run before, in the same JVM
 * @param sleeps jobs that run at once where memory is measured
 * @param history ended jobs in the large state dir
 * @param listSizes jobs in the index, for the line chart; the history is one of them
 * @param openSizes ended jobs, for the line chart; the history is one of them
 * @param listFilters each status of jobs_list that is measured at the size of the history
 * @param idleWindow how long nothing is done
 * @param idleRounds how often
 */
record Scale(
        boolean quick,
        int rounds,
        Duration jmhWarmup,
        Duration jmhMeasurement,
        int trueJobs,
        int warmupJobs,
        int sleeps,
        int history,
        List<Integer> listSizes,
        List<Integer> openSizes,
        List<String> listFilters,
        Duration idleWindow,
        int idleRounds) {

    static Scale full() {
        return new Scale(
                false,
                5,
                Duration.ofSeconds(3),
                Duration.ofMillis(1_500),
                1_000,
                2_000,
                1_000,
                100_000,
                List.of(1_000, 10_000, 100_000, 1_000_000),
                List.of(1_000, 10_000, 100_000),
                List.of("queued", "running", "succeeded", "failed", "cancelled", "terminal"),
                Duration.ofSeconds(60),
                3);
    }

    static Scale ofQuick() {
        return new Scale(
                true,
                3,
                // As long as in a full run: a slow machine has not compiled what makes a list within a second.
                Duration.ofSeconds(3),
                Duration.ofMillis(500),
                300,
                300,
                200,
                10_000,
                List.of(1_000, 10_000),
                List.of(1_000, 10_000),
                List.of("succeeded"),
                Duration.ofSeconds(5),
                2);
    }
}
