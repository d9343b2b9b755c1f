package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.EventTail;
import dev.tau.jobs.statedir.LoggedEvent;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tau-jobs events}. */
@Command(
        name = "events",
        description =
                "Prints what has happened to the jobs of a state directory, the oldest first, as far back as its event "
                        + "log is kept. Changes nothing.")
final class EventsCommand extends StateCommand {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int POLL_MS = 100;

    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            description = "Only of the job with this id, or that begins so, if no other does. Default: of all.")
    private @Nullable String given;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C. Default: off. Environment: none")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "Only the last N, at least 0, before those that come. Default: all. Environment: none")
    private @Nullable Integer lines;

    @Option(
            names = "--since",
            paramLabel = "AGE",
            converter = Age.class,
            description = "Only what happened since so long ago, such as 90s, 2h or 1d12h. Default: all. "
                    + "Environment: none")
    private @Nullable Duration since;

    @Option(
            names = "--json",
            description = "Print the lines of the log, one JSON object each. Default: off. Environment: none")
    private boolean json;

    private EventsCommand() {}

    @Override
    int read(StateDirReader reader, ToolContext context) throws IOException {
        if (lines != null && lines < 0) {
            throw new IllegalArgumentException("--lines must be at least 0, found: " + lines);
        }
        if (!Files.exists(reader.directory())) {
            complain("there is no state dir at " + reader.directory() + " yet");
        }
        String id = given == null ? null : meant(reader, given);
        long from = since == null ? Long.MIN_VALUE : System.currentTimeMillis() - since.toMillis();
        try (EventTail tail = reader.events()) {
            long found = printKept(tail, from, id);
            if (id != null && found == 0 && reader.job(id).isEmpty()) {
                return unknownJob(reader, id);
            }
            boolean toldOfMissed = false;
            while (follow && !System.out.checkError()) {
                for (List<LoggedEvent> some = tail.next(); !some.isEmpty(); some = tail.next()) {
                    for (LoggedEvent event : some) {
                        if (isWanted(event, from, id)) {
                            print(event);
                        }
                    }
                }
                if (tail.hasMissedSome() && !toldOfMissed) {
                    toldOfMissed = true;
                    complain("some events are not shown: the log was rotated away faster than this was read");
                }
                Thread.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /** Returns how many there were, printed or not. */
    private long printKept(EventTail tail, long from, @Nullable String id) throws IOException {
        Deque<LoggedEvent> last = new ArrayDeque<>();
        long found = 0;
        for (List<LoggedEvent> some = tail.next(); !some.isEmpty() && !System.out.checkError(); some = tail.next()) {
            for (LoggedEvent event : some) {
                found += id == null || event.jobId().value().equals(id) ? 1 : 0;
                if (!isWanted(event, from, id)) {
                    continue;
                }
                if (lines == null) {
                    print(event);
                } else {
                    last.addLast(event);
                    if (last.size() > lines) {
                        last.removeFirst();
                    }
                }
            }
        }
        for (LoggedEvent event : last) {
            print(event);
        }
        return found;
    }

    private static boolean isWanted(LoggedEvent event, long from, @Nullable String id) {
        return event.timestampUnixMs() >= from
                && (id == null || event.jobId().value().equals(id));
    }

    private void print(LoggedEvent event) throws IOException {
        if (json) {
            printJson(event.members());
        } else {
            print("%s  %-16s  %s  %s  %s"
                    .formatted(
                            TIME.format(Instant.ofEpochMilli(event.timestampUnixMs())),
                            Texts.printable(event.text("event")),
                            event.jobId(),
                            Texts.printable(event.text("reason_code")),
                            Texts.printable(event.text("detail"))));
        }
    }
}
