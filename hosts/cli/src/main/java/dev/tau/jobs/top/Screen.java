package dev.tau.jobs.top;

import dev.tau.jobs.statedir.OwnerRequests;
import dev.tau.jobs.statedir.StateDirWatch;
import dev.tau.jobs.terminal.Texts;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** What is shown and chosen. Knows no terminal: keys come in, lines come out. For one thread. */
final class Screen {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    /** No longer than a person takes for an answer at once; the request stands in any case. */
    private static final Duration CANCEL_PATIENCE = Duration.ofMillis(500);

    private static final List<String> HELP = List.of(
            "up, down, PgUp, PgDn, Home, End   choose a job (also k and j)",
            "enter                             follow its output; tab shows the other one, enter or esc goes back",
            "c                                 cancel it, after a question",
            "/                                 show only jobs whose id, status, reason, label or command has a word",
            "esc                               back; without anything to go back from, no filter",
            "Ctrl-L                            draw all anew",
            "q, Ctrl-C                         leave",
            "",
            "What runs comes first, then what waits, in the order in which it is started, then the last "
                    + Board.MOST_ENDED + " that ended.",
            "Nothing is changed but by c. A bar shows how much of its time a job has used.");

    private enum Mode {
        JOBS,
        TYPING_FILTER,
        ASKING,
        OUTPUT,
        HELP
    }

    private final List<StateDirWatch> dirs;
    private final Look look;
    private final Rates rates = new Rates();
    private final Choice choice = new Choice();
    private final JobsPage page;
    private Mode mode = Mode.JOBS;
    /** Where to go back to. */
    private Mode before = Mode.JOBS;

    private String filter = "";
    private String message = "";
    private boolean stderr;

    /** The problems are why directories could not be read at the last look. */
    Screen(List<StateDirWatch> dirs, Map<StateDirWatch, String> problems, Look look) {
        this.dirs = dirs;
        this.look = look;
        this.page = new JobsPage(dirs, problems, look);
    }

    /** The jobs have changed. */
    void jobsChanged() {
        choice.rows(Board.rows(dirs, filter, System.currentTimeMillis()));
        // Of one whose output is shown, or that is asked about, no other one takes the place.
        if (mode == Mode.JOBS || mode == Mode.TYPING_FILTER) {
            choice.settle();
        }
    }

    /** Once a second: what is shown of those that run. */
    void tick(long nowNanos) {
        rates.measure(choice.rows(), nowNanos);
    }

    boolean isTyping() {
        return mode == Mode.TYPING_FILTER;
    }

    /**
     * Does what a key asks for.
     *
     * @param key the key
     * @param text what was typed, if it was a character
     * @return whether to go on
     */
    boolean press(Key key, String text) {
        message = "";
        switch (mode) {
            case JOBS -> {
                return inJobs(key);
            }
            case TYPING_FILTER -> typeFilter(key, text);
            case ASKING -> answer(text);
            case OUTPUT -> {
                return inOutput(key);
            }
            case HELP -> mode = before;
        }
        return true;
    }

    private boolean inJobs(Key key) {
        switch (key) {
            case UP -> choice.choose(choice.index() - 1);
            case DOWN -> choice.choose(choice.index() + 1);
            case PAGE_UP -> choice.choose(choice.index() - page.shownAtOnce());
            case PAGE_DOWN -> choice.choose(choice.index() + page.shownAtOnce());
            case FIRST -> choice.chooseFirst();
            case LAST -> choice.choose(choice.rows().size() - 1);
            case ENTER -> open();
            case CANCEL -> ask();
            case FILTER -> mode = Mode.TYPING_FILTER;
            case HELP -> help();
            case BACK -> filterBy("");
            case QUIT -> {
                return false;
            }
            case OTHER_OUTPUT, ERASE, REDRAW, TEXT, OTHER -> {}
        }
        return true;
    }

    private boolean inOutput(Key key) {
        switch (key) {
            case BACK, ENTER -> {
                mode = Mode.JOBS;
                choice.settle();
            }
            case OTHER_OUTPUT -> stderr = !stderr;
            case CANCEL -> ask();
            case HELP -> help();
            case QUIT -> {
                return false;
            }
            case UP, DOWN, PAGE_UP, PAGE_DOWN, FIRST, LAST, FILTER, ERASE, REDRAW, TEXT, OTHER -> {}
        }
        return true;
    }

    private void help() {
        before = mode;
        mode = Mode.HELP;
    }

    private void typeFilter(Key key, String text) {
        switch (key) {
            case ENTER -> mode = Mode.JOBS;
            case BACK -> {
                filterBy("");
                mode = Mode.JOBS;
            }
            case ERASE ->
                filterBy(filter.isEmpty() ? "" : filter.substring(0, filter.offsetByCodePoints(filter.length(), -1)));
            case TEXT -> filterBy(filter + text);
            default -> {}
        }
    }

    private void filterBy(String word) {
        filter = word;
        jobsChanged();
    }

    private void open() {
        choice.row().ifPresent(row -> {
            choice.hold(row);
            mode = Mode.OUTPUT;
        });
    }

    private void ask() {
        choice.row().ifPresent(row -> {
            if (row.job().status().isTerminal()) {
                message = row.job().id() + " has ended already";
            } else {
                choice.hold(row);
                before = mode;
                mode = Mode.ASKING;
            }
        });
    }

    private void answer(String text) {
        mode = before;
        if (!text.equalsIgnoreCase("y")) {
            message = "nothing was cancelled";
        } else if (choice.row().isEmpty()) {
            message = "the job is there no more";
        } else {
            cancel(choice.row().get());
        }
        if (mode == Mode.JOBS) {
            choice.settle();
        }
    }

    private void cancel(Row row) {
        String id = row.job().id().value();
        try {
            Optional<OwnerRequests.Answer> answer =
                    row.dir().reader().requests().cancel(id, CANCEL_PATIENCE);
            message = answer.isEmpty() ? "the job is there no more" : id + " " + became(answer.get());
        } catch (IOException e) {
            message = "can't be cancelled: " + Failures.describe(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String became(OwnerRequests.Answer answer) {
        if (!answer.taken()) {
            return "is to be cancelled, but no agent has taken the request yet: it waits for the next one";
        }
        return answer.job().get("status") instanceof String status && status.equals("running")
                ? "is being ended"
                : "is " + answer.job().get("status") + ": " + answer.job().get("reason_code");
    }

    /** As many lines as there is room for. */
    List<AttributedString> draw(int width, int height, long nowMs) {
        List<AttributedString> lines = new ArrayList<>();
        lines.add(title(nowMs));
        int room = Math.max(1, height - 2);
        switch (mode) {
            case HELP ->
                HELP.forEach(line -> lines.addAll(
                        line.isEmpty()
                                ? List.of(AttributedString.EMPTY)
                                : new AttributedString(line).columnSplitLength(Math.max(1, width))));
            case OUTPUT -> drawOutput(lines, width, room, nowMs);
            case JOBS, TYPING_FILTER, ASKING -> {
                if (mode == Mode.ASKING && before == Mode.OUTPUT) {
                    drawOutput(lines, width, room, nowMs);
                } else {
                    lines.addAll(
                            page.lines(choice, new JobLine(look, rates, width, nowMs), !filter.isEmpty(), width, room));
                }
            }
        }
        while (lines.size() < height - 1) {
            lines.add(AttributedString.EMPTY);
        }
        List<AttributedString> shown =
                new ArrayList<>(lines.subList(0, Math.max(0, Math.min(lines.size(), height - 1))));
        shown.add(footer());
        return shown.stream().map(line -> line.columnSubSequence(0, width)).toList();
    }

    private AttributedString title(long nowMs) {
        AttributedStringBuilder line = new AttributedStringBuilder()
                .styled(AttributedStyle.BOLD, "tau-jobs top")
                .append("  " + CLOCK.format(Instant.ofEpochMilli(nowMs)));
        if (!filter.isEmpty()) {
            line.append("  only: ").styled(AttributedStyle.BOLD, Texts.printable(filter));
        }
        return line.toAttributedString();
    }

    private void drawOutput(List<AttributedString> lines, int width, int room, long nowMs) {
        Row row = choice.row().orElse(null);
        if (row == null) {
            lines.add(new AttributedString("the job is there no more"));
            return;
        }
        lines.add(new JobLine(look, rates, width, nowMs).of(row, page.mark(row.dir())));
        lines.add(new AttributedString(stderr ? "stderr:" : "stdout:", AttributedStyle.INVERSE));
        lines.addAll(OutputPane.lines(row, stderr, Math.max(1, width), Math.max(0, room - 2)));
    }

    private AttributedString footer() {
        if (mode == Mode.ASKING) {
            return new AttributedString(
                    choice.row()
                            .map(row -> "Cancel " + page.mark(row.dir())
                                    + row.job().id() + " and all that it started? y / n")
                            .orElse("the job is there no more"),
                    look.warning());
        }
        if (mode == Mode.TYPING_FILTER) {
            return new AttributedString("/" + Texts.printable(filter), AttributedStyle.BOLD);
        }
        if (!message.isEmpty()) {
            return new AttributedString(Texts.printable(message), AttributedStyle.BOLD);
        }
        List<String> keys = switch (mode) {
            case OUTPUT -> List.of("tab other output", "c cancel", "esc back", "q leave");
            case HELP -> List.of("any key back");
            case JOBS, TYPING_FILTER, ASKING -> List.of("enter output", "c cancel", "/ filter", "? help", "q leave");
        };
        return new AttributedString(String.join(look.between(), keys), AttributedStyle.DEFAULT.faint());
    }
}
