package dev.tau.jobs.top;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.JobState;
import dev.tau.jobs.job.JobStatus;
import dev.tau.jobs.terminal.Texts;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jspecify.annotations.Nullable;

/** How a job looks: one line. */
final class JobLine {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int WIDE = 120;
    private static final int COMMAND_WIDTH = 1000;

    private final Look look;
    private final Rates rates;
    private final long nowMs;
    private final int aboutWidth;
    private final int idWidth;
    private final int barCells;

    /** For a screen of a width, of which the command is to have its part. */
    JobLine(Look look, Rates rates, int width, long nowMs) {
        this.look = look;
        this.rates = rates;
        this.nowMs = nowMs;
        this.aboutWidth = width < WIDE ? 28 : 38;
        this.idWidth = width < WIDE ? 12 : 24;
        this.barCells = width < WIDE ? 4 : 8;
    }

    String heading() {
        return columns("STATUS", "TIME", "WHAT ABOUT IT", "ID", "COMMAND");
    }

    private String columns(String status, String time, String about, String id, String command) {
        return ("%-9s %7s  %-" + aboutWidth + "s  %-" + idWidth + "s  %s").formatted(status, time, about, id, command);
    }

    /** By its label, where it has one, and its command line; printable. */
    static String called(JobRecord job) {
        String line = Texts.commandLine(job.spec().command(), job.spec().args());
        String label = job.spec().label();
        return label == null ? line : Texts.printable(label) + ": " + line;
    }

    /** Of ids, the end tells one from another. */
    AttributedString of(Row row, String mark) {
        JobRecord job = row.job();
        String status = job.status().wireName();
        String line = columns(
                status,
                isAbandoned(row) ? "-" : Texts.duration(time(job)),
                Texts.shortened(about(row), aboutWidth),
                Texts.end(job.id().value(), idWidth),
                Texts.shortened(called(job), COMMAND_WIDTH));
        return new AttributedStringBuilder()
                .append(mark)
                .styled(look.of(job.status()), status)
                .append(line.substring(status.length()))
                .toAttributedString();
    }

    /** It says that it runs, and the agent that ran it is gone. */
    private static boolean isAbandoned(Row row) {
        return row.job().status() == JobStatus.RUNNING && row.dir().owner().isEmpty();
    }

    /** How long it has waited, or has run; in milliseconds. */
    private long time(JobRecord job) {
        JobState state = job.state();
        Long started = state.startedUnixMs();
        if (job.status() == JobStatus.QUEUED) {
            return nowMs - state.updatedUnixMs();
        }
        Long finished = state.finishedUnixMs();
        return started == null ? 0 : (finished == null ? nowMs : finished) - started;
    }

    private String about(Row row) {
        return switch (row.job().status()) {
            case RUNNING -> running(row);
            case QUEUED -> queued(row);
            case SUCCEEDED, FAILED, CANCELLED -> ended(row.job());
        };
    }

    private String running(Row row) {
        if (isAbandoned(row)) {
            return "its agent is gone: the next runs it";
        }
        JobRecord job = row.job();
        long timeout = Math.max(1, job.spec().effectiveTimeoutMs());
        double part = Math.min(1, Math.max(0, (double) time(job) / timeout));
        String bar = look.bar((int) Math.floor(part * barCells), barCells);
        String line = "%s %2.0f%% of %s".formatted(bar, Math.floor(part * 100), Texts.duration(timeout));
        Double rate = rates.of(row);
        return job.state().cancellationRequested()
                ? line + "  is being ended"
                : rate == null ? line : line + "  " + Texts.bytes(Math.round(rate)) + "/s";
    }

    private String queued(Row row) {
        JobRecord job = row.job();
        if (row.dir().owner().isEmpty()) {
            return "waits for an agent";
        }
        long notBefore = job.spec().options().notBeforeUnixMs();
        if (notBefore > nowMs) {
            return "not before " + CLOCK.format(Instant.ofEpochMilli(notBefore)) + ", in "
                    + Texts.duration(notBefore - nowMs);
        }
        List<JobId> after = row.waitsFor();
        if (!after.isEmpty()) {
            return "after " + (after.size() == 1 ? Texts.end(after.get(0).value(), 20) : after.size() + " other jobs");
        }
        int attempts = job.state().attempts().size();
        return attempts == 0 ? "waits for a worker" : "waits for attempt " + (attempts + 1);
    }

    private String ended(JobRecord job) {
        Integer code = job.state().exitCode();
        Long finished = job.state().finishedUnixMs();
        return job.state().reasonCode().wireName()
                + (isWorthSaying(code) ? " " + code : "")
                + (finished == null ? "" : ", " + Texts.duration(nowMs - finished) + " ago");
    }

    private static boolean isWorthSaying(@Nullable Integer code) {
        return code != null && code != 0;
    }
}
