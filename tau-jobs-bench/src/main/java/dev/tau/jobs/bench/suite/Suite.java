package dev.tau.jobs.bench.suite;

import dev.tau.jobs.bench.result.Conditions;
import dev.tau.jobs.bench.result.Figure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Runs the experiments of some targets, one after the other: two at a time would measure each other. */
public final class Suite {
    private Suite() {}

    /**
     * What came of a run.
     *
     * @param figures what could be measured
     * @param failures a sentence for each experiment that broke
     */
    public record Outcome(List<Figure> figures, List<String> failures) {
        /** Copies both. */
        public Outcome {
            figures = List.copyOf(figures);
            failures = List.copyOf(failures);
        }
    }

    /**
     * Runs them.
     *
     * @param targets the numbers of those wanted
     * @param directory for temporary files, on the file system to measure
     * @param conditions go into each figure; say whether it is a quick run
     * @param progress is told what happens
     * @return what came of it
     * @throws IOException if the directory can't be used
     * @throws InterruptedException if interrupted
     */
    public static Outcome run(Set<Integer> targets, Path directory, Conditions conditions, Progress progress)
            throws IOException, InterruptedException {
        Scale scale = conditions.quick() ? Scale.ofQuick() : Scale.full();
        List<Figure> figures = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        // Another JMH on this machine would disturb, but a lock file that somebody else left must not stop us.
        System.setProperty("jmh.ignoreLock", "true");
        try (Workspace workspace = new Workspace(directory, scale, progress)) {
            keepClassPath(workspace);
            for (Experiment experiment : Experiments.all(workspace)) {
                if (Collections.disjoint(experiment.targets(), targets)) {
                    continue;
                }
                try {
                    Rounds.run(experiment, conditions, progress).stream()
                            .filter(figure -> targets.contains(figure.target()))
                            .forEach(figures::add);
                } catch (BenchmarkFailedException e) {
                    // What the others measure took minutes too.
                    progress.say("%s", String.valueOf(e.getMessage()));
                    failures.add(String.valueOf(e.getMessage()));
                }
            }
            progress.say("removing temporary files");
        }
        return new Outcome(figures, failures);
    }

    /** Whoever packages in the meantime must not change what the next turn runs. */
    private static void keepClassPath(Workspace workspace) throws IOException {
        String property = "java.class.path";
        Path jar = Path.of(System.getProperty(property).split(File.pathSeparator, 2)[0]);
        if (Files.isRegularFile(jar) && jar.toString().equals(System.getProperty(property))) {
            Path copy = workspace.root().resolve("benchmarks.jar");
            Files.copy(jar, copy);
            System.setProperty(property, copy.toString());
        }
    }
}
