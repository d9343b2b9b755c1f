package dev.tau.jobs.bench.report;

import dev.tau.jobs.bench.result.Conditions;
import dev.tau.jobs.bench.result.Figure;
import dev.tau.jobs.bench.result.Results;
import dev.tau.jobs.bench.result.ResultsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The directory of a report: results.json, index.md, and charts under names that stay, so that a run overwrites them. */
public final class Report {
    /** The file that everything else is made of. */
    public static final String RESULTS = "results.json";

    private static final Pattern LIST = Pattern.compile("list\\.(\\d+)");
    private static final Pattern OPEN = Pattern.compile("open\\.(\\d+)");

    private final Path directory;
    private final Results results;

    private Report(Path directory, Results results) {
        this.directory = directory;
        this.results = results;
    }

    /**
     * Writes a report over the last one.
     *
     * @param directory is made if it is not there
     * @param results what it shows
     * @throws IOException if a file can't be written
     */
    public static void write(Path directory, Results results) throws IOException {
        Files.createDirectories(directory);
        ResultsFile.write(directory.resolve(RESULTS), results);
        new Report(directory, results).write();
    }

    private void write() throws IOException {
        for (Target target : Target.all()) {
            List<Figure> figures = figures(target);
            Path chart = directory.resolve(chart(target));
            if (figures.isEmpty()) {
                Files.deleteIfExists(chart);
            } else {
                String title = target.number() + ". " + target.work();
                replace(chart, BarChart.of(title, words(figures.get(0).measured()), figures));
            }
        }
        boolean lists = lines("list-by-jobs.svg", "List of the newest 20, by number of jobs", LIST, "µs");
        boolean opens =
                lines("open-by-jobs.svg", "Open in a fresh JVM, files cached, by number of ended jobs", OPEN, "ms");
        replace(directory.resolve("index.md"), Markdown.of(results, lists, opens));
    }

    private boolean lines(String name, String title, Pattern id, String unit) throws IOException {
        List<LineChart.Point> ours = new ArrayList<>();
        List<LineChart.Point> floor = new ArrayList<>();
        List<LineChart.Point> sqlite = new ArrayList<>();
        Optional<Conditions> conditions = Optional.empty();
        for (Figure figure : results.figures()) {
            Matcher matcher = id.matcher(figure.id());
            if (matcher.matches()) {
                double jobs = Double.parseDouble(matcher.group(1));
                ours.add(new LineChart.Point(jobs, figure.ours().median()));
                Optional.ofNullable(figure.floor())
                        .ifPresent(series -> floor.add(new LineChart.Point(jobs, series.median())));
                figure.peer("sqlite").ifPresent(series -> sqlite.add(new LineChart.Point(jobs, series.median())));
                conditions = Optional.of(figure.measured());
            }
        }
        Path file = directory.resolve(name);
        if (conditions.isEmpty()) {
            Files.deleteIfExists(file);
            return false;
        }
        List<LineChart.Line> lines = List.of(
                new LineChart.Line("tau-jobs", Svg.OURS, ours),
                new LineChart.Line("floor", Svg.FLOOR, floor),
                new LineChart.Line("SQLite", Svg.PEER, sqlite));
        replace(file, LineChart.of(title, words(conditions.get()), unit, lines));
        return true;
    }

    private List<Figure> figures(Target target) {
        return results.figures().stream()
                .filter(figure -> figure.target() == target.number())
                .toList();
    }

    static String chart(Target target) {
        return String.format(Locale.ROOT, "target-%02d.svg", target.number());
    }

    /** All that a figure has to be read with. */
    static String words(Conditions conditions) {
        return "JDK " + conditions.jdk() + ", " + conditions.cores() + " cores (" + conditions.cpu() + "), "
                + conditions.fileSystem() + ", " + conditions.rounds() + " rounds, " + conditions.date()
                + (conditions.quick() ? ", quick" : "");
    }

    private static void replace(Path file, String content) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(temporary, content);
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
