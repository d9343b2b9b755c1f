package dev.tau.jobs.bench.result;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was measured, with its floor and its peers.
 *
 * @param id stable, names size and kind: figures of one id may be compared
 * @param target the number of the target that it belongs to
 * @param title for people
 * @param unit of all values
 * @param direction which way is better
 * @param ours what tau-jobs showed
 * @param floor the least that anybody would have to do; null where values mean the same on every machine
 * @param ratios ours as a multiple of the floor, round by round; of no floor, empty
 * @param peers others who do the same work
 * @param skipped who was not measured, and why
 * @param measured when and on what
 */
public record Figure(
        String id,
        int target,
        String title,
        String unit,
        Direction direction,
        Series ours,
        @Nullable Series floor,
        List<Double> ratios,
        List<Series> peers,
        List<String> skipped,
        Conditions measured) {

    /** Copies the lists. */
    public Figure {
        ratios = List.copyOf(ratios);
        peers = List.copyOf(peers);
        skipped = List.copyOf(skipped);
    }

    /**
     * What is compared between runs: the ratios, which don't depend on the machine; without a floor the values.
     *
     * @return a value a round
     */
    @JsonIgnore
    public List<Double> comparable() {
        return ratios.isEmpty() ? ours.rounds() : ratios;
    }

    /**
     * A peer.
     *
     * @param peer its id
     * @return what it showed, if it was measured
     */
    public Optional<Series> peer(String peer) {
        return peers.stream().filter(series -> series.id().equals(peer)).findFirst();
    }
}
