package dev.tau.jobs.bench.result;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The content of results.json.
 *
 * @param schemaVersion of the format
 * @param figures ordered by target
 */
public record Results(int schemaVersion, List<Figure> figures) {
    /** Read by all versions that know it; a higher one is refused. */
    public static final int SCHEMA_VERSION = 1;

    /** Copies the figures. */
    public Results {
        figures = List.copyOf(figures);
    }

    /**
     * Results in the format of this version.
     *
     * @param figures in any order
     * @return the results
     */
    public static Results of(List<Figure> figures) {
        return new Results(SCHEMA_VERSION, inOrder(figures.stream()));
    }

    private static List<Figure> inOrder(Stream<Figure> figures) {
        return figures.sorted(java.util.Comparator.comparingInt(Figure::target)).toList();
    }

    /**
     * These results with some targets measured anew; the others stay as they were.
     *
     * @param targets what was measured anew
     * @param anew all figures of these targets
     * @return the merged results
     */
    public Results replacing(Set<Integer> targets, List<Figure> anew) {
        return of(Stream.concat(figures.stream().filter(figure -> !targets.contains(figure.target())), anew.stream())
                .toList());
    }

    /**
     * A figure.
     *
     * @param id its id
     * @return the figure, if it was measured
     */
    public Optional<Figure> figure(String id) {
        return figures.stream().filter(figure -> figure.id().equals(id)).findFirst();
    }
}
