package dev.tau.jobs.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.json.MissingJsonLibraryException;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** What the commands share that look at state directories, owned by a live agent or not, without opening a runtime. */
abstract class StateDirsCommand implements Callable<Integer> {
    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    /** Of those that are named and are not there or can't be read, what to say. */
    private final List<String> missing = new ArrayList<>();

    /** Those that the command line names; none if it is the one of the settings. */
    abstract List<Path> directories();

    /** What becomes of a directory that is named and is not there or can't be read. */
    enum IfMissing {
        /** It is said, the others are looked at, and the exit code is 1. */
        SAY,
        /** The command ends before it looks at any. */
        END,
        /** The command says it itself. */
        LOOK
    }

    IfMissing ifMissing() {
        return IfMissing.SAY;
    }

    /** The exit code where a directory was missing or could not be read. */
    int codeWithMissing(int code) {
        return code == CommandLine.ExitCode.OK ? CommandLine.ExitCode.SOFTWARE : code;
    }

    /** Does what the command is for; there is at least one. */
    abstract int read(List<StateDirReader> readers, ToolContext context) throws IOException;

    @Override
    public final Integer call() {
        try {
            ToolContext context = settings.context();
            List<StateDirReader> readers = open(context);
            missing.forEach(StateDirsCommand::complain);
            int code = read(readers, context);
            if (!missing.isEmpty()) {
                code = codeWithMissing(code);
            }
            if (System.out.checkError()) {
                throw new IOException("stdout is closed or can't be written");
            }
            return code;
        } catch (IllegalArgumentException | MissingJsonLibraryException e) {
            complain(Failures.describe(e));
            return CommandLine.ExitCode.USAGE;
        } catch (IOException e) {
            complain(Failures.describe(e));
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private List<StateDirReader> open(ToolContext context) throws IOException {
        if (directories().isEmpty()) {
            return List.of(StateDirReader.open(context));
        }
        JobsConfig config = JobsConfig.from(context);
        List<StateDirReader> readers = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        for (Path directory : directories()) {
            Path absolute = context.workingDirectory().resolve(directory).normalize();
            if (directory.toString().isEmpty()) {
                throw new IllegalArgumentException("DIR must not be empty");
            }
            String problem = ifMissing() == IfMissing.LOOK ? "" : problem(absolute);
            if (!problem.isEmpty()) {
                missing.add(problem + hint(directory));
            } else if (seen.add(Files.exists(absolute) ? absolute.toRealPath() : absolute)) {
                readers.add(StateDirReader.open(absolute, config));
            }
        }
        if (!missing.isEmpty() && (readers.isEmpty() || ifMissing() == IfMissing.END)) {
            String all = String.join("; ", missing);
            missing.clear();
            throw new IOException(all);
        }
        return readers;
    }

    /** What keeps a directory from being looked at; empty if nothing does. */
    private static String problem(Path directory) {
        if (!Files.exists(directory)) {
            return "there is no state dir at " + directory;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            return "";
        } catch (IOException e) {
            return directory + " can't be read: " + Failures.describe(e);
        }
    }

    /** What else may have been meant by a directory that is not there. */
    String hint(Path directory) {
        return "";
    }

    /** Whether it is to be said of which directory something is: programs find the same columns whichever can be read. */
    final boolean severalAreNamed() {
        return directories().size() > 1;
    }

    /** Of jobs that nobody runs, which would seem to run or to wait for a worker. */
    static void complainIfUnowned(StateDirReader reader, Collection<Map<String, Object>> jobs) throws IOException {
        if (!jobs.stream().allMatch(Jobs::isOver) && reader.owner().isEmpty()) {
            complain("no live agent owns " + reader.directory()
                    + ": what is queued or running there waits for the next one");
        }
    }

    static void complain(String message) {
        System.err.println("tau-jobs: " + Texts.printable(message));
    }

    /** In UTF-8 whatever the locale: programs read it, and paths may hold anything. */
    static void print(String text) {
        System.out.writeBytes((text + "\n").getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    static void printJson(Map<String, Object> value) throws JsonProcessingException {
        print(new ObjectMapper().writeValueAsString(value));
    }

    /** The rows below each other, each column as wide as its widest text. */
    static void printColumns(List<List<String>> rows) {
        printColumns(rows, (column, text) -> text);
    }

    /** How a text of a column looks on a terminal. */
    interface Paint {
        String paint(int column, String text);
    }

    /** The same, painted; what is painted takes no more room. */
    static void printColumns(List<List<String>> rows, Paint paint) {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(paint.paint(i, row.get(i)))
                        .append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            print(line.toString().stripTrailing());
        }
    }

    /** The command and its arguments as one line, for reading and not for pasting into a shell. */
    static String commandLine(Map<?, ?> job) {
        List<?> args = job.get("args") instanceof List<?> list ? list : List.of();
        return Texts.commandLine(
                Jobs.text(job, "command"), args.stream().map(String::valueOf).toList());
    }

    /** How long it ran, or has been running until now. */
    static String runningTime(Map<?, ?> job, long nowMs) {
        if (!(job.get("started_unix_ms") instanceof Number started)) {
            return "-";
        }
        long end = job.get("finished_unix_ms") instanceof Number finished ? finished.longValue() : nowMs;
        return Texts.duration(end - started.longValue());
    }
}
