package dev.tau.jobs.bench.suite;

import java.util.Map;
import java.util.Optional;

/** Who takes a turn in each round: we, a floor, or a peer. */
interface Contestant {
    /** Short and stable; goes into results.json. */
    String id();

    /** For people. */
    String title();

    /** Why it can't take part here, such as a program that is not installed. */
    default Optional<String> absence() {
        return Optional.empty();
    }

    /**
     * One turn, in a fresh directory and a process of its own.
     *
     * @return values by the name of what was measured
     * @throws Exception if it failed; of a peer that is noted, of us or a floor it ends the run
     */
    Map<String, Double> measure() throws Exception;

    /** What the most of them measure: JMH's score, or the line {@code value} of a host. */
    String VALUE = "value";
}
