package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.LoggedEvent;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tau-jobs events}. */
@Command(
        name = "events",
        description =
                "Prints what has happened to the jobs of state directories, the oldest first, as far back as their event "
                        + "logs are kept. Changes nothing.")
final class EventsCommand extends StateDirsCommand {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final int POLL_MS = 100;

    @Parameters(
            arity = "0..*",
            paramLabel = "ID|DIR",
            description =
                    "Only of the job with this id, or that begins so, if no other does; then the state directories, as the first one "
                            + "is if there is a directory of that name, or it has a slash. Default: of all jobs of the "
                            + "directory of --jobs-state-dir.")
    private List<String> words = List.of();

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
            description =
                    "Print the lines of the log, one JSON object each; of several directories with state_dir added. "
                            + "Default: off. Environment: none")
    private boolean json;

    /** Why directories can't be read, as it was said. */
    private Map<StateDirReader, String> said = Map.of();

    private EventsCommand() {}

    /** The id that is given; null if the first word is a directory, or there is none. */
    private @Nullable String given() {
        String first = words.isEmpty() ? null : words.get(0);
        return first == null || first.contains("/") || Files.isDirectory(Path.of(first)) ? null : first;
    }

    @Override
    List<Path> directories() {
        return words.stream().skip(given() == null ? 0 : 1).map(Path::of).toList();
    }

    @Override
    int read(List<StateDirReader> readers, ToolContext context) throws IOException {
        if (lines != null && lines < 0) {
            throw new IllegalArgumentException("--lines must be at least 0, found: " + lines);
        }
        for (StateDirReader reader : readers) {
            if (!Files.exists(reader.directory())) {
                complain("there is no state dir at " + reader.directory() + " yet");
            }
        }
        String id = given();
        if (id == null) {
            return print(readers, new Wanted(event -> true, true, severalAreNamed()));
        }
        // One that was removed is in the log still.
        return print(
                readers,
                MeantJob.find(readers, id)
                        .map(job -> new Wanted(event -> isOf(event, job), true, false))
                        .orElseGet(() -> new Wanted(
                                event -> event.logged().jobId().value().equals(id), false, false)));
    }

    /**
     * Which events are wanted.
     *
     * @param whose tells those of a job
     * @param known whether there is such a job, also if nothing is known of what happened to it
     * @param withDirectory whether to say where each happened
     */
    private record Wanted(Predicate<DirectoriesEvents.Event> whose, boolean known, boolean withDirectory) {}

    private static boolean isOf(DirectoriesEvents.Event event, MeantJob job) {
        return event.reader() == job.reader() && event.logged().jobId().value().equals(job.id());
    }

    private int print(List<StateDirReader> readers, Wanted wanted) throws IOException {
        long from = since == null ? Long.MIN_VALUE : System.currentTimeMillis() - since.toMillis();
        try (DirectoriesEvents events = new DirectoriesEvents(readers)) {
            if (printKept(events, wanted, from) == 0 && !wanted.known()) {
                return MeantJob.unknown(readers, String.valueOf(given()));
            }
            boolean toldOfMissed = false;
            sayProblems(events);
            while (follow && !System.out.checkError()) {
                for (Optional<DirectoriesEvents.Event> event = events.next();
                        event.isPresent();
                        event = events.next()) {
                    if (wanted.whose().test(event.get()) && isSince(event.get(), from)) {
                        print(event.get(), wanted.withDirectory());
                    }
                }
                sayProblems(events);
                if (events.hasMissedSome() && !toldOfMissed) {
                    toldOfMissed = true;
                    complain("some events are not shown: the log was rotated away faster than this was read");
                }
                Thread.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return said.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void sayProblems(DirectoriesEvents events) {
        Map<StateDirReader, String> now = events.problems();
        now.forEach((reader, problem) -> {
            if (!problem.equals(said.get(reader))) {
                complain(reader.directory() + " can't be read: " + problem);
            }
        });
        said = now;
    }

    private static boolean isSince(DirectoriesEvents.Event event, long from) {
        return event.logged().timestampUnixMs() >= from;
    }

    /** Returns how many there were, whenever they were, printed or not. */
    private long printKept(DirectoriesEvents events, Wanted wanted, long from) throws IOException {
        Deque<DirectoriesEvents.Event> last = new ArrayDeque<>();
        long found = 0;
        for (Optional<DirectoriesEvents.Event> event = events.next();
                event.isPresent() && !System.out.checkError();
                event = events.next()) {
            if (!wanted.whose().test(event.get())) {
                continue;
            }
            found++;
            if (!isSince(event.get(), from)) {
                continue;
            }
            if (lines == null) {
                print(event.get(), wanted.withDirectory());
            } else {
                last.addLast(event.get());
                if (last.size() > lines) {
                    last.removeFirst();
                }
            }
        }
        for (DirectoriesEvents.Event event : last) {
            print(event, wanted.withDirectory());
        }
        return found;
    }

    private void print(DirectoriesEvents.Event event, boolean withDirectory) throws IOException {
        LoggedEvent logged = event.logged();
        if (json) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>(logged.members());
            if (severalAreNamed()) {
                members.put("state_dir", event.reader().directory().toString());
            }
            printJson(members);
            return;
        }
        String directory =
                withDirectory ? Texts.printable(event.reader().directory().toString()) + "  " : "";
        String kind = Texts.printable("%-16s".formatted(logged.text("event")));
        print("%s  %s%s  %s  %s  %s"
                .formatted(
                        TIME.format(Instant.ofEpochMilli(logged.timestampUnixMs())),
                        directory,
                        logged.isTraceError() ? Paints.wrong(kind) : Paints.as(logged.text("status"), kind),
                        logged.jobId(),
                        Texts.printable(logged.text("reason_code")),
                        Texts.printable(logged.text("detail"))));
    }
}
