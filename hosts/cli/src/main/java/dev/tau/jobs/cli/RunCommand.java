package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolSet;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.terminal.Texts;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tau-jobs run}. */
@Command(
        name = "run",
        description = "Runs a command as a job and shows its output. Exits with the command's exit code, 124 when the "
                + "time ran out, 125 when tau-jobs failed or nobody took Ctrl-C's cancel, 127 when the command could not be started, 130 when "
                + "Ctrl-C cancelled it.",
        customSynopsis = "tau-jobs run [flags] [--detach] [--timeout-ms=MS] [--cwd=DIR] [--env=NAME=VALUE]... "
                + "-- COMMAND [ARGUMENT...]")
final class RunCommand implements Callable<Integer> {
    private static final int EXIT_TIMEOUT = 124;
    private static final int EXIT_NOT_STARTED = 127;
    private static final int EXIT_CANCELLED = 130;
    private static final int WAIT_MS = 45_000;
    /** It may be that nobody takes the cancel. */
    private static final int WAIT_AS_GUEST_MS = 1_000;

    private static final int WAIT_ON_TERMINAL_MS = 500;
    private static final int WAIT_FOR_START_MS = 50;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--timeout-ms",
            paramLabel = "MS",
            description =
                    "How long the command may run, in milliseconds, at least 1. Default: --jobs-default-timeout-ms. "
                            + "Environment: none")
    private @Nullable Long timeoutMs;

    @Option(
            names = "--cwd",
            paramLabel = "DIR",
            description = "Where the command runs. Default: the working directory. Environment: none")
    private @Nullable Path cwd;

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = "Adds a variable to the command's environment; may be given several times. "
                    + "Default: none. Environment: none")
    private final Map<String, String> env = new LinkedHashMap<>();

    @Option(
            names = "--detach",
            description = "Hand the job to the live agent that owns the state directory, print its id, and don't wait. "
                    + "Fails if there is none. Default: off. Environment: none")
    private boolean detach;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, as they are.")
    private List<String> command = List.of();

    private volatile @Nullable String jobId;
    private volatile boolean interrupted;
    private volatile boolean cancelAsked;
    private volatile boolean lost;

    private RunCommand() {}

    @Override
    public Integer call() {
        ToolContext context = context();
        try {
            return detach ? detach(context) : runAndWait(context);
        } catch (Jobs.Refused e) {
            return refused(e);
        } catch (IOException e) {
            StateDirsCommand.complain(Failures.describe(e));
            return TauJobs.EXIT_INTERNAL;
        }
    }

    private int runAndWait(ToolContext context) throws Jobs.Refused, IOException {
        try (ToolSet tools = ToolSet.load(context)) {
            if (Jobs.reportProblems(tools)) {
                return CommandLine.ExitCode.USAGE;
            }
            Jobs jobs = new Jobs(tools);
            Signals.onTermination(() -> cancel(jobs));
            return run(jobs, StateDirReader.open(context));
        }
    }

    private int detach(ToolContext context) throws Jobs.Refused, IOException {
        StateDirReader reader;
        try {
            reader = StateDirReader.open(context);
        } catch (IllegalArgumentException e) {
            // A setting; without --detach the tools say so.
            StateDirsCommand.complain(Failures.describe(e));
            return CommandLine.ExitCode.USAGE;
        }
        if (reader.owner().isEmpty()) {
            StateDirsCommand.complain("no live agent owns " + reader.directory()
                    + " that could take the job; without --detach it runs here");
            return TauJobs.EXIT_INTERNAL;
        }
        try (ToolSet tools = ToolSet.load(context)) {
            if (Jobs.reportProblems(tools)) {
                return CommandLine.ExitCode.USAGE;
            }
            String id = Jobs.text(new Jobs(tools).create(arguments()), "job_id");
            StateDirsCommand.print(id);
            if (System.out.checkError()) {
                throw new IOException("stdout is closed or can't be written; the agent has the job as " + id);
            }
            if (reader.isOurs()) {
                StateDirsCommand.complain("the agent has gone meanwhile: the job waits for the next one");
                return TauJobs.EXIT_INTERNAL;
            }
            return CommandLine.ExitCode.OK;
        }
    }

    private static int refused(Jobs.Refused refusal) {
        boolean usage = refusal.reasonCode().equals("jobs_invalid_arguments");
        String message = Failures.describe(refusal);
        StateDirsCommand.complain(usage ? byFlag(message) : message);
        return usage ? CommandLine.ExitCode.USAGE : TauJobs.EXIT_INTERNAL;
    }

    /** The tool names its arguments; who typed flags is to read flags. */
    private static String byFlag(String message) {
        return message.replaceFirst("^timeout_ms\\b", "--timeout-ms")
                .replaceFirst("^cwd\\b", "--cwd")
                .replaceFirst("^(a name in )?env\\b", "$1--env");
    }

    private ToolContext context() {
        ToolContext context = settings.context();
        if (cwd == null) {
            return context;
        }
        // A person typed it, so it needs no further permission.
        return context.toBuilder()
                .allowedRoot(context.workingDirectory())
                .allowedRoot(cwd)
                .build();
    }

    /** Nobody sees the rest. */
    private void outputLost(Jobs jobs) {
        lost = true;
        System.err.println("tau-jobs: stdout is closed or can't be written; the job is cancelled");
        cancel(jobs);
    }

    @SuppressWarnings("ClosingStandardOutputStreams") // the follower closes the files that it reads alone
    private int run(Jobs jobs, StateDirReader reader) throws Jobs.Refused, IOException {
        String id = Jobs.text(jobs.create(arguments()), "job_id");
        jobId = id;
        if (interrupted) {
            cancel(jobs); // Ctrl-C came before it could know the id
        }
        boolean onTerminal = OutputFollower.onTerminal();
        Map<?, ?> job = jobs.status(id);
        long wholeUpTo = reader.outputs().wholeUpTo(job);
        try (OutputFollower follower =
                new OutputFollower(job, System.out, System.err, onTerminal, wholeUpTo, () -> outputLost(jobs))) {
            while (!Jobs.isOver(job)) {
                follower.state(Jobs.text(job, "status"));
                // One that waits may start at any moment, and the line is to say so.
                boolean waits = Jobs.text(job, "status").equals("queued");
                job = jobs.await(id, onTerminal ? (waits ? WAIT_FOR_START_MS : WAIT_ON_TERMINAL_MS) : waitMs(reader));
                if (cancelAsked && !Jobs.isOver(job) && reader.requests().isCancelPending(id)) {
                    throw new IOException("the agent that owns " + reader.directory() + " has not taken the cancel of "
                            + id + " yet: it is stopped, hangs or is busy, and the request waits for it");
                }
            }
            follower.end(job, wasRecovered(reader, id));
        }
        return lost ? TauJobs.EXIT_INTERNAL : exitCode(job);
    }

    private static int waitMs(StateDirReader reader) {
        try {
            return reader.isOurs() ? WAIT_MS : WAIT_AS_GUEST_MS;
        } catch (IOException e) {
            return WAIT_AS_GUEST_MS; // it can't be told now
        }
    }

    /** Only what is said depends on it. */
    private static boolean wasRecovered(StateDirReader reader, String id) {
        try {
            return reader.wasRecovered(id);
        } catch (IOException e) {
            return false;
        }
    }

    private Map<String, Object> arguments() {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("command", command.get(0));
        arguments.put("args", List.copyOf(command.subList(1, command.size())));
        if (cwd != null) {
            arguments.put("cwd", cwd.toAbsolutePath().normalize().toString());
        }
        if (!env.isEmpty()) {
            arguments.put("env", Map.copyOf(env));
        }
        if (timeoutMs != null) {
            arguments.put("timeout_ms", timeoutMs);
        }
        return arguments;
    }

    private static int exitCode(Map<?, ?> job) {
        String reason = Jobs.text(job, "reason_code");
        switch (reason) {
            case "job_timeout", "job_spawn_failed", "job_runtime_error" ->
                System.err.println("tau-jobs: " + reason + ": " + Texts.printable(Jobs.text(job, "error")));
            default -> {}
        }
        return switch (reason) {
            case "job_timeout" -> EXIT_TIMEOUT;
            case "job_spawn_failed" -> EXIT_NOT_STARTED;
            case "job_cancelled_before_start", "job_cancelled_during_run" -> EXIT_CANCELLED;
            // Without a code where the command was ended by a signal.
            default -> job.get("exit_code") instanceof Number code ? code.intValue() : TauJobs.EXIT_INTERNAL;
        };
    }

    /** What Ctrl-C (or SIGTERM) does: the job ends as cancelled, and with it this command, in its ordinary way. */
    private void cancel(Jobs jobs) {
        interrupted = true;
        String id = jobId;
        if (id == null) {
            return;
        }
        try {
            jobs.cancel(id);
            cancelAsked = true;
        } catch (Jobs.Refused e) {
            System.err.println("tau-jobs: " + Texts.printable(Failures.describe(e)));
        }
    }
}
