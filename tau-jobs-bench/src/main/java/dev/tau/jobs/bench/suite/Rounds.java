package dev.tau.jobs.bench.suite;

import dev.tau.jobs.bench.result.Conditions;
import dev.tau.jobs.bench.result.Figure;
import dev.tau.jobs.bench.result.Series;
import dev.tau.jobs.bench.result.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets the contestants of an experiment take turns, A B C A B C …: whatever disturbs the machine for a while then meets
 * all of them, and the ratio of two neighbours says more than either of them.
 */
final class Rounds {
    private final Experiment experiment;
    private final Progress progress;
    private final List<Contestant> present = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private final Map<String, List<Map<String, Double>>> values = new LinkedHashMap<>();

    private Rounds(Experiment experiment, Progress progress) {
        this.experiment = experiment;
        this.progress = progress;
    }

    /**
     * Runs an experiment.
     *
     * @param conditions go into each figure
     * @return its figures; none if we or the floor can't take part here
     */
    static List<Figure> run(Experiment experiment, Conditions conditions, Progress progress)
            throws BenchmarkFailedException, InterruptedException {
        return new Rounds(experiment, progress).run(conditions);
    }

    private List<Figure> run(Conditions conditions) throws BenchmarkFailedException, InterruptedException {
        for (Contestant contestant : experiment.contestants()) {
            Optional<String> absence = contestant.absence();
            if (absence.isPresent()) {
                skip(contestant, absence.get());
            } else {
                present.add(contestant);
                values.put(contestant.id(), new ArrayList<>());
            }
        }
        if (experiment.figures().stream().noneMatch(this::possible)) {
            return List.of();
        }
        long start = System.nanoTime();
        int rounds = experiment.maxRounds();
        int done = 0;
        while (done < rounds && (done < experiment.minRounds() || !overBudget(start))) {
            round(done + 1, rounds);
            done++;
        }
        List<Figure> figures = new ArrayList<>();
        for (FigureSpec spec : experiment.figures()) {
            Figure figure = figure(spec, conditions.withRounds(done));
            if (figure != null) {
                figures.add(figure);
            }
        }
        return figures;
    }

    private boolean possible(FigureSpec figure) {
        return values.containsKey(figure.ours()) && (figure.floor() == null || values.containsKey(figure.floor()));
    }

    private boolean overBudget(long start) {
        return System.nanoTime() - start > experiment.budget().toNanos();
    }

    private void round(int number, int of) throws BenchmarkFailedException, InterruptedException {
        for (Contestant contestant : List.copyOf(present)) {
            progress.say("%s, round %d of %d: %s", experiment.title(), number, of, contestant.title());
            try {
                values.getOrDefault(contestant.id(), new ArrayList<>()).add(contestant.measure());
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (experiment.needs(contestant)) {
                    throw new BenchmarkFailedException(
                            experiment.title() + ": " + contestant.title() + " failed: " + e, e);
                }
                // A peer that breaks must not cost us the figures.
                present.remove(contestant);
                values.remove(contestant.id());
                skip(contestant, "failed: " + e.toString().lines().findFirst().orElse(""));
            }
        }
    }

    private void skip(Contestant contestant, String why) {
        String line = contestant.title() + ": " + why;
        skipped.add(line);
        progress.say("%s: without %s", experiment.title(), line);
    }

    private @Nullable Figure figure(FigureSpec spec, Conditions conditions) {
        Series ours = series(spec.ours(), spec.value());
        Series floor = spec.floor() == null ? null : series(spec.floor(), spec.value());
        if (ours == null || (spec.floor() != null && floor == null)) {
            return null;
        }
        List<Series> peers = new ArrayList<>();
        for (String peer : spec.peers()) {
            Series series = series(peer, spec.value());
            if (series != null) {
                peers.add(series);
            }
        }
        return new Figure(
                spec.id(),
                spec.target(),
                spec.title(),
                spec.unit(),
                spec.direction(),
                ours,
                floor,
                floor == null ? List.of() : Statistics.ratios(ours.rounds(), floor.rounds()),
                peers,
                skipped,
                conditions);
    }

    /** Null if it did not take part, or does not measure this. */
    private @Nullable Series series(String id, String value) {
        List<Map<String, Double>> rounds = values.get(id);
        if (rounds == null || rounds.isEmpty() || !rounds.stream().allMatch(round -> round.containsKey(value))) {
            return null;
        }
        String title = present.stream()
                .filter(contestant -> contestant.id().equals(id))
                .map(Contestant::title)
                .findFirst()
                .orElse(id);
        return new Series(
                id, title, rounds.stream().map(round -> round.get(value)).toList());
    }
}
