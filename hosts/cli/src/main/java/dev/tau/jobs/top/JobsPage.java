package dev.tau.jobs.top;

import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.statedir.Owner;
import dev.tau.jobs.statedir.StateDirWatch;
import dev.tau.jobs.terminal.Texts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** The directories with their counts, and the jobs: as many as there is room for, the chosen one among them. */
final class JobsPage {
    private final List<StateDirWatch> dirs;
    private final Map<StateDirWatch, String> problems;
    private final Look look;
    private int firstShown;
    private int shownAtOnce = 1;

    /** The problems are why directories could not be read at the last look. */
    JobsPage(List<StateDirWatch> dirs, Map<StateDirWatch, String> problems, Look look) {
        this.dirs = dirs;
        this.problems = problems;
        this.look = look;
    }

    /** How many jobs there was room for. */
    int shownAtOnce() {
        return shownAtOnce;
    }

    /** At most so many lines, unless that is less than two. */
    List<AttributedString> lines(Choice choice, JobLine line, boolean filtered, int width, int room) {
        List<AttributedString> lines = new ArrayList<>();
        int summaries = Math.min(dirs.size(), Math.max(1, room / 3));
        List<StateDirWatch> shown = new ArrayList<>(dirs);
        Set<StateDirWatch> wrong = new HashSet<>();
        if (summaries < dirs.size()) {
            // What is wrong must be seen. Asked once: it may change meanwhile.
            dirs.stream().filter(this::isTroubled).forEach(wrong::add);
            shown.sort(Comparator.comparing(dir -> !wrong.contains(dir)));
        }
        shown.subList(0, summaries).forEach(dir -> lines.add(summary(dir, width)));
        List<StateDirWatch> others = shown.subList(summaries, dirs.size());
        if (!others.isEmpty()) {
            long troubled = others.stream().filter(wrong::contains).count();
            lines.add(new AttributedString("and " + others.size() + " more directories"
                    + (troubled == 0 ? ", with nothing wrong" : ", something is wrong with " + troubled)));
        }
        lines.add(
                new AttributedString(" ".repeat(mark(dirs.get(0)).length()) + line.heading(), AttributedStyle.INVERSE));
        shownAtOnce = Math.max(1, room - lines.size());
        List<Row> rows = choice.rows();
        firstShown = Math.max(Math.min(firstShown, choice.index()), choice.index() - shownAtOnce + 1);
        firstShown = Math.max(0, Math.min(firstShown, rows.size() - shownAtOnce));
        for (int i = firstShown; i < Math.min(rows.size(), firstShown + shownAtOnce); i++) {
            AttributedString drawn = line.of(rows.get(i), mark(rows.get(i).dir()));
            lines.add(i == choice.index() ? new AttributedString(drawn.toString(), AttributedStyle.INVERSE) : drawn);
        }
        if (rows.isEmpty()) {
            lines.add(new AttributedString(filtered ? "no such jobs" : "no jobs"));
        }
        return lines;
    }

    /** Which directory it is, if there are several. */
    String mark(StateDirWatch dir) {
        return dirs.size() == 1 ? "" : "%-3s".formatted(dirs.indexOf(dir) + 1);
    }

    /** Whether its line has a warning that is about more than its agent's being away. */
    private boolean isTroubled(StateDirWatch dir) {
        boolean waits = dir.count(JobStatus.QUEUED) + dir.count(JobStatus.RUNNING) > 0;
        return problems.containsKey(dir)
                || dir.unreadable() > 0
                || dir.scarceRoom().isPresent()
                || dir.isOwnerStopped()
                || !Files.isDirectory(dir.reader().directory())
                || (dir.owner().isEmpty() && waits);
    }

    private AttributedString summary(StateDirWatch dir, int width) {
        AttributedStringBuilder line = new AttributedStringBuilder().append(mark(dir));
        for (JobStatus status : JobStatus.values()) {
            line.styled(look.of(status), status.wireName() + " " + (dir.count(status) + dir.removed(status)))
                    .append("  ");
        }
        Path directory = dir.reader().directory();
        Optional<Owner> owner = dir.owner();
        if (owner.isEmpty()) {
            line.styled(look.warning(), Files.isDirectory(directory) ? "no live agent" : "no such directory");
        } else {
            line.append("agent"
                    + (owner.get().pid().isPresent() ? " " + owner.get().pid().getAsLong() : ""));
            if (dir.isOwnerStopped()) {
                line.styled(look.warning(), " is stopped");
            }
        }
        if (dir.unreadable() > 0) {
            line.append("  ").styled(look.warning(), dir.unreadable() + " unreadable");
        }
        dir.scarceRoom()
                .ifPresent(room -> line.append("  ")
                        .styled(look.warning(), "low disk space: " + Texts.bytes(room.bytes()) + " left"));
        String problem = problems.get(dir);
        if (problem != null) {
            line.append("  ").styled(look.warning(), "can't be read: " + Texts.printable(problem));
        }
        int left = Math.max(1, width - line.columnLength() - 2);
        return line.append("  " + Texts.end(Texts.printable(directory.toString()), left))
                .toAttributedString();
    }
}
