package dev.tau.jobs.bench.report;

import dev.tau.jobs.bench.result.Conditions;
import dev.tau.jobs.bench.result.Figure;
import dev.tau.jobs.bench.result.Results;
import dev.tau.jobs.bench.result.Series;
import dev.tau.jobs.bench.result.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** index.md: the table of targets, then a part a target. */
final class Markdown {
    private final StringBuilder page = new StringBuilder();
    private final Results results;
    private final Tried tried = new Tried();

    private Markdown(Results results) {
        this.results = results;
    }

    static String of(Results results, boolean lists, boolean opens) {
        return new Markdown(results).page(lists, opens);
    }

    private String page(boolean lists, boolean opens) {
        line("# Benchmarks");
        line("");
        line(
                "Written by `./tau-jobs bench`; a run overwrites it. `docs/benchmarks.md` tells how to run and to read it. Medians of");
        line(
                "the rounds; *ratio* is tau-jobs as a multiple of the floor, round by round; *spread* is the range from the lowest to the");
        line("highest round as a part of the median.");
        line("");
        line("## Targets");
        line("");
        line("| # | work | target | measured | measured at | in the field |");
        line("|---|---|---|---|---|---|");
        for (Target target : Target.all()) {
            row(target);
        }
        for (Target target : Target.all()) {
            part(target);
        }
        if (lists || opens) {
            line("");
            line("## By number of jobs");
            line("");
        }
        if (lists) {
            line("![List time by number of jobs](list-by-jobs.svg)");
            line("");
        }
        if (opens) {
            line("![Open time by number of jobs](open-by-jobs.svg)");
        }
        return page.toString();
    }

    private void row(Target target) {
        List<Figure> figures = figures(target);
        List<String> outcomes = new ArrayList<>();
        for (Check check : target.checks()) {
            check.outcome(results).ifPresent(outcome -> outcomes.add(outcome.words()));
        }
        String when = figures.stream()
                .map(figure -> figure.measured().date() + (figure.measured().quick() ? " (quick)" : ""))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .collect(Collectors.joining(", "));
        if (isMissed(target) && tried.of(target).isPresent()) {
            outcomes.add("what was tried: [below](#" + anchor(target) + ")");
        }
        cells(
                Integer.toString(target.number()),
                target.work(),
                target.wanted(),
                outcomes.isEmpty() ? "not measured" : String.join("<br>", outcomes),
                when,
                target.field());
    }

    private boolean isMissed(Target target) {
        return target.checks().stream()
                .flatMap(check -> check.outcome(results).stream())
                .anyMatch(outcome -> !outcome.met());
    }

    /** As GitHub makes it of a heading. */
    private static String anchor(Target target) {
        return heading(target)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    private static String heading(Target target) {
        return target.number() + ". " + target.work();
    }

    private void part(Target target) {
        List<Figure> figures = figures(target);
        line("");
        line("## " + heading(target));
        line("");
        line("Target: " + target.wanted() + ".");
        line("");
        if (isMissed(target)) {
            tried.of(target).ifPresent(text -> {
                line("Tried: " + text);
                line("");
            });
        }
        if (figures.isEmpty()) {
            line("Not measured.");
            return;
        }
        figures.stream()
                .map(Figure::measured)
                .distinct()
                .map(Markdown::conditions)
                .forEach(this::line);
        line("");
        line("| figure | tau-jobs | floor | ratio | spread of the ratio | peers |");
        line("|---|---|---|---|---|---|");
        figures.forEach(this::row);
        line("");
        line("![" + target.work() + "](" + Report.chart(target) + ")");
        TreeSet<String> skipped = figures.stream()
                .flatMap(figure -> figure.skipped().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        if (!skipped.isEmpty()) {
            line("");
            line("Not measured: " + String.join("; ", skipped) + ".");
        }
    }

    private static String conditions(Conditions conditions) {
        return "- " + Report.words(conditions) + ". " + conditions.os() + ", commit "
                + Optional.ofNullable(conditions.commit()).orElse("unknown") + ", load before "
                + (conditions.loadBefore() < 0 ? "unknown" : Numbers.format(conditions.loadBefore())) + ".";
    }

    private void row(Figure figure) {
        Series floor = figure.floor();
        cells(
                figure.title() + " (`" + figure.id() + "`, " + figure.unit() + ")",
                value(figure.ours()),
                floor == null ? "none" : value(floor) + ": " + floor.title(),
                floor == null ? "" : Numbers.format(Statistics.median(figure.ratios())),
                floor == null ? "" : Numbers.percent(Statistics.spread(figure.ratios())),
                figure.peers().stream()
                        .map(peer -> peer.title() + " " + value(peer))
                        .collect(Collectors.joining("<br>")));
    }

    private static String value(Series series) {
        return Numbers.format(series.median()) + " (spread " + Numbers.percent(Statistics.spread(series.rounds()))
                + ")";
    }

    private List<Figure> figures(Target target) {
        return results.figures().stream()
                .filter(figure -> figure.target() == target.number())
                .toList();
    }

    private void cells(String... cells) {
        line("| "
                + java.util.Arrays.stream(cells)
                        .map(cell -> cell.replace("|", "\\|").replaceAll("\\R", " "))
                        .collect(Collectors.joining(" | "))
                + " |");
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
