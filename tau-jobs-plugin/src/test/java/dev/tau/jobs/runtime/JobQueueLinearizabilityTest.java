package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Whatever several threads do to the queue at once, each sees what it would see if they took turns, and nobody waits for
 * ever. The scenarios are made here: in each, the last thing that one thread does is to close the queue, so that a take
 * that still waits then was forgotten.
 */
@Tag("linearizability")
class JobQueueLinearizabilityTest {
    private static final boolean DEEP = Boolean.getBoolean("tau.jobs.deep");
    private static final String JOBS = "1:3";
    private static final int CLOSED = 0;
    private static final int WOULD_WAIT = -1;

    /** What threads do to one queue. */
    public static class Queue {
        private final JobQueue queue = new JobQueue();

        /** Adds a job. */
        @Operation
        public void add(@Param(gen = IntGen.class, conf = JOBS) int job) {
            queue.add(new JobId("job-" + job), 0);
        }

        /** Removes a job. */
        @Operation
        public void remove(@Param(gen = IntGen.class, conf = JOBS) int job) {
            queue.remove(new JobId("job-" + job));
        }

        /** {@return the oldest job, 0 once it is closed} */
        @Operation
        public int take() {
            JobId job = queue.take();
            return job == null ? CLOSED : Integer.parseInt(job.value().substring("job-".length()));
        }

        /** Closes it. */
        @Operation
        public void close() {
            queue.close();
        }
    }

    /** The same in one thread; a take that would have to wait says what the real one never does. */
    public static class TakingTurns {
        private final Set<Integer> waiting = new LinkedHashSet<>();
        private boolean closed;

        /** Adds a job. */
        public void add(int job) {
            waiting.add(job);
        }

        /** Removes a job. */
        public void remove(int job) {
            waiting.remove(job);
        }

        /** {@return the oldest job, 0 once it is closed} */
        public int take() {
            if (closed) {
                return CLOSED;
            }
            if (waiting.isEmpty()) {
                return WOULD_WAIT;
            }
            int oldest = waiting.iterator().next();
            waiting.remove(oldest);
            return oldest;
        }

        /** Closes it. */
        public void close() {
            closed = true;
        }
    }

    private final Random random = new Random(17);

    private Actor actor(String name, Object... arguments) {
        Method method = Stream.of(Queue.class.getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        return new Actor(method, List.of(arguments));
    }

    private Actor change() {
        int job = 1 + random.nextInt(3);
        return random.nextInt(4) == 0 ? actor("remove", job) : actor("add", job);
    }

    private List<Actor> actors(int length, int takesOfTen) {
        List<Actor> actors = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            actors.add(random.nextInt(10) < takesOfTen ? actor("take") : change());
        }
        return actors;
    }

    private ExecutionScenario scenario(int takers) {
        List<List<Actor>> threads = new ArrayList<>();
        List<Actor> closer = actors(2, 0);
        closer.add(actor("close"));
        threads.add(closer);
        for (int i = 0; i < takers; i++) {
            threads.add(actors(3, 7));
        }
        return new ExecutionScenario(actors(random.nextInt(2), 0), threads, List.of(actor("take")), null);
    }

    private <O extends Options<O, ?>> void check(O options, int scenarios, int takers) {
        for (int i = 0; i < scenarios; i++) {
            options.addCustomScenario(scenario(takers));
        }
        options.iterations(0).sequentialSpecification(TakingTurns.class).check(Queue.class);
    }

    @Test
    void threads_that_run_at_once_see_the_queue_as_if_they_took_turns_and_none_is_forgotten() {
        check(new StressOptions().invocationsPerIteration(DEEP ? 5_000 : 500), DEEP ? 100 : 10, 2);
    }

    @Test
    @EnabledIfSystemProperty(named = "tau.jobs.deep", matches = "true", disabledReason = "slow to begin; with -Pdeep")
    void so_they_do_under_each_switch_of_threads_that_is_tried() {
        check(new ModelCheckingOptions().invocationsPerIteration(1_000), 30, 2);
    }
}
