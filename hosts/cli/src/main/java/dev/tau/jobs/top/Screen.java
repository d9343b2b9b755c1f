package dev.tau.jobs.top;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.statedir.Owner;
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
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/** What is shown and chosen. Knows no terminal: keys come in, lines come out. For one thread. */
final class Screen {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    /** No longer than a person takes for an answer at once; the request stands in any case. */
    private static final Duration CANCEL_PATIENCE = Duration.ofMillis(500);

    private static final List<String> HELP = List.of(
            "up, down, PgUp, PgDn, Home, End   choose a job (also k and j)",
            "enter                             follow its output; tab shows the other one",
            "c                                 cancel it, after a question",
            "/                                 show only jobs whose id, status, reason, label or command has a word",
            "esc                               back; without anything to go back from, no filter",
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
    private List<Row> rows = List.of();
    private Mode mode = Mode.JOBS;
    /** Where to go back to. */
    private Mode before = Mode.JOBS;

    private String filter = "";
    private String message = "";
    /** Null until somebody chooses one: the first one then, whichever that is. */
    private Row.@Nullable Name chosen;

    private int firstShown;
    private int shownAtOnce = 1;
    private boolean stderr;

    Screen(List<StateDirWatch> dirs, Look look) {
        this.dirs = dirs;
        this.look = look;
    }

    /** The jobs have changed. */
    void jobsChanged() {
        rows = Board.rows(dirs, filter);
    }

    /** Once a second: what is shown of those that run. */
    void tick(long nowNanos) {
        rates.measure(rows, nowNanos);
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
            case HELP -> {
                mode = before;
                return key != Key.QUIT;
            }
        }
        return true;
    }

    private boolean inJobs(Key key) {
        switch (key) {
            case UP -> choose(chosenIndex() - 1);
            case DOWN -> choose(chosenIndex() + 1);
            case PAGE_UP -> choose(chosenIndex() - shownAtOnce);
            case PAGE_DOWN -> choose(chosenIndex() + shownAtOnce);
            case FIRST -> chosen = null;
            case LAST -> choose(rows.size() - 1);
            case ENTER -> open();
            case CANCEL -> ask();
            case FILTER -> mode = Mode.TYPING_FILTER;
            case HELP -> help();
            case BACK -> filterBy("");
            case QUIT -> {
                return false;
            }
            case OTHER_OUTPUT, ERASE, TEXT -> {}
        }
        return true;
    }

    private boolean inOutput(Key key) {
        switch (key) {
            case BACK, ENTER -> mode = Mode.JOBS;
            case OTHER_OUTPUT -> stderr = !stderr;
            case CANCEL -> ask();
            case HELP -> help();
            case QUIT -> {
                return false;
            }
            case UP, DOWN, PAGE_UP, PAGE_DOWN, FIRST, LAST, FILTER, ERASE, TEXT -> {}
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

    private int chosenIndex() {
        for (int i = 0; chosen != null && i < rows.size(); i++) {
            if (rows.get(i).name().equals(chosen)) {
                return i;
            }
        }
        return 0;
    }

    private void choose(int index) {
        if (!rows.isEmpty()) {
            chosen = rows.get(Math.max(0, Math.min(index, rows.size() - 1))).name();
        }
    }

    private Optional<Row> chosenRow() {
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(chosenIndex()));
    }

    private void open() {
        chosenRow().ifPresent(row -> {
            chosen = row.name();
            mode = Mode.OUTPUT;
        });
    }

    private void ask() {
        chosenRow().ifPresent(row -> {
            if (row.job().status().isTerminal()) {
                message = row.job().id() + " has ended already";
            } else {
                chosen = row.name();
                before = mode;
                mode = Mode.ASKING;
            }
        });
    }

    private void answer(String text) {
        mode = before;
        if (text.equalsIgnoreCase("y")) {
            chosenRow().filter(row -> row.name().equals(chosen)).ifPresent(this::cancel);
        } else {
            message = "nothing was cancelled";
        }
    }

    private void cancel(Row row) {
        String id = row.job().id().value();
        try {
            Optional<OwnerRequests.Answer> answer =
                    row.dir().reader().requests().cancel(id, CANCEL_PATIENCE);
            message = answer.isEmpty()
                    ? "there is no job " + id + " any more"
                    : answer.get().taken()
                            ? id + " is cancelled"
                            : "no agent has taken the request to cancel " + id + " yet: it waits for the next one";
        } catch (IOException e) {
            message = "can't be cancelled: " + Failures.describe(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As many lines as there is room for. */
    List<AttributedString> draw(int width, int height, long nowMs) {
        List<AttributedString> lines = new ArrayList<>();
        lines.add(title(nowMs));
        int room = Math.max(1, height - 2);
        switch (mode) {
            case HELP -> HELP.forEach(line -> lines.add(new AttributedString(line)));
            case OUTPUT -> drawOutput(lines, width, room);
            case JOBS, TYPING_FILTER, ASKING -> {
                if (mode == Mode.ASKING && before == Mode.OUTPUT) {
                    drawOutput(lines, width, room);
                } else {
                    drawJobs(lines, room, nowMs);
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

    private void drawOutput(List<AttributedString> lines, int width, int room) {
        Row row = chosenRow().filter(there -> there.name().equals(chosen)).orElse(null);
        if (row == null) {
            lines.add(new AttributedString("the job is not there any more"));
            return;
        }
        lines.add(new JobLine(look, rates, System.currentTimeMillis()).of(row));
        lines.add(new AttributedString(stderr ? "stderr:" : "stdout:", AttributedStyle.INVERSE));
        lines.addAll(OutputPane.lines(row, stderr, width, Math.max(0, room - 2)));
    }

    private void drawJobs(List<AttributedString> lines, int room, long nowMs) {
        for (int i = 0; i < dirs.size() && i < Math.max(1, room / 3); i++) {
            lines.add(summary(dirs.get(i)));
        }
        lines.add(new AttributedString(JobLine.HEADING, AttributedStyle.INVERSE));
        shownAtOnce = Math.max(1, room + 1 - lines.size());
        int index = chosenIndex();
        firstShown = Math.max(Math.min(firstShown, index), index - shownAtOnce + 1);
        firstShown = Math.max(0, Math.min(firstShown, rows.size() - shownAtOnce));
        JobLine line = new JobLine(look, rates, nowMs);
        for (int i = firstShown; i < Math.min(rows.size(), firstShown + shownAtOnce); i++) {
            AttributedString drawn = line.of(rows.get(i));
            lines.add(i == index ? new AttributedString(drawn.toString(), AttributedStyle.INVERSE) : drawn);
        }
        if (rows.isEmpty()) {
            lines.add(new AttributedString(filter.isEmpty() ? "no jobs" : "no such jobs"));
        }
    }

    private AttributedString summary(StateDirWatch dir) {
        AttributedStringBuilder line = new AttributedStringBuilder();
        for (JobStatus status : JobStatus.values()) {
            line.styled(look.of(status), status.wireName() + " " + dir.count(status))
                    .append("  ");
        }
        Optional<Owner> owner = dir.owner();
        if (owner.isEmpty()) {
            line.styled(look.warning(), "no live agent");
        } else {
            line.append("agent"
                    + (owner.get().pid().isPresent() ? " " + owner.get().pid().getAsLong() : ""));
        }
        return line.append("  " + Texts.printable(dir.reader().directory().toString()))
                .toAttributedString();
    }

    private AttributedString footer() {
        if (mode == Mode.ASKING) {
            String id = chosenRow()
                    .map(Row::job)
                    .map(JobRecord::id)
                    .map(Object::toString)
                    .orElse("");
            return new AttributedString("Cancel " + id + " and all that it started? y / n", look.warning());
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
