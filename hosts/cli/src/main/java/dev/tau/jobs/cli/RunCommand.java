package dev.tau.jobs.cli;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.ToolSet;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
                + "time ran out, 125 when tau-jobs failed, 127 when the command could not be started, 130 when "
                + "Ctrl-C cancelled it.",
        customSynopsis = "tau-jobs run [flags] [--timeout-ms=MS] [--cwd=DIR] [--env=NAME=VALUE]... "
                + "-- COMMAND [ARGUMENT...]")
final class RunCommand implements Callable<Integer> {
    private static final int EXIT_TIMEOUT = 124;
    private static final int EXIT_NOT_STARTED = 127;
    private static final int EXIT_CANCELLED = 130;
    private static final int WAIT_MS = 45_000;
    private static final int WAIT_ON_TERMINAL_MS = 500;
    private static final long DEFAULT_GRACE_MS = 2_000;
    private static final long AFTER_GRACE_MS = 3_000;

    @Mixin
    private final SettingsOptions settings = new SettingsOptions();

    @Option(
            names = "--timeout-ms",
            paramLabel = "MS",
            description = "How long the command may run, in milliseconds. Default: --jobs-default-timeout-ms. "
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

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, as they are.")
    private List<String> command = List.of();

    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable String jobId;
    private volatile boolean interrupted;
    private volatile int exitCode = EXIT_CANCELLED;

    private RunCommand() {}

    @Override
    public Integer call() {
        ToolContext context = context();
        try (ToolSet tools = ToolSet.load(context)) {
            if (Jobs.reportProblems(tools)) {
                exitCode = CommandLine.ExitCode.USAGE;
            } else {
                Jobs jobs = new Jobs(tools);
                Runtime.getRuntime()
                        .addShutdownHook(new Thread(() -> cancelAndHalt(jobs, tools, context), "tau-jobs-cancel"));
                exitCode = run(jobs);
            }
        } catch (Jobs.Refused e) {
            System.err.println("tau-jobs: " + Texts.printable(Texts.describe(e)));
            exitCode = e.reasonCode().equals("jobs_invalid_arguments")
                    ? CommandLine.ExitCode.USAGE
                    : TauJobs.EXIT_INTERNAL;
        } finally {
            done.countDown();
        }
        return exitCode;
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

    @SuppressWarnings("ClosingStandardOutputStreams") // the follower closes the files that it reads alone
    private int run(Jobs jobs) throws Jobs.Refused {
        String id = Jobs.text(jobs.create(arguments()), "job_id");
        jobId = id;
        if (interrupted) {
            jobs.cancel(id); // Ctrl-C came before the hook could know the id
        }
        boolean onTerminal = OutputFollower.onTerminal();
        Map<?, ?> job = jobs.status(id);
        try (OutputFollower follower = new OutputFollower(job, System.out, System.err, onTerminal)) {
            while (!Jobs.isOver(job)) {
                job = jobs.await(id, onTerminal ? WAIT_ON_TERMINAL_MS : WAIT_MS);
                follower.state(Jobs.text(job, "status"));
            }
        }
        return exitCode(job);
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

    /** What Ctrl-C (or SIGTERM) does; at a normal end there is nothing left to do. */
    private void cancelAndHalt(Jobs jobs, ToolSet tools, ToolContext context) {
        if (done.getCount() == 0) {
            return;
        }
        interrupted = true;
        try {
            String id = jobId;
            if (id != null) {
                jobs.cancel(id);
            }
            if (!done.await(graceMs(context) + AFTER_GRACE_MS, TimeUnit.MILLISECONDS)) {
                tools.close();
            }
        } catch (Jobs.Refused e) {
            System.err.println("tau-jobs: " + Texts.printable(Texts.describe(e)));
            tools.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Not left to the JVM: that would exit with the signal's number, whatever became of the job.
        Runtime.getRuntime().halt(exitCode);
    }

    private static long graceMs(ToolContext context) {
        try {
            return Long.parseLong(context.settings().getOrDefault("jobs-kill-grace-ms", ""));
        } catch (NumberFormatException e) {
            return DEFAULT_GRACE_MS; // unset: a value that is no number was refused at load
        }
    }
}
