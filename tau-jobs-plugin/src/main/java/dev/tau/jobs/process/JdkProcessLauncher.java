package dev.tau.jobs.process;

import dev.tau.jobs.config.InheritedEnvironment;
import dev.tau.jobs.file.FileIdentity;
import dev.tau.jobs.file.HeldPaths;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@link ProcessLauncher} by {@link ProcessBuilder}, with the {@code setsid} program in front where there is one.
 *
 * <p>setsid gives the job a session of its own: its processes are found by it though they cleaned their environment, and a
 * Ctrl-C at the host's terminal ends the host, which then decides, not the jobs. It replaces itself by the command, with
 * the arguments as they are.
 */
public final class JdkProcessLauncher implements ProcessLauncher {
    private static final System.Logger LOG = System.getLogger(JdkProcessLauncher.class.getName());
    static final File NULL_DEVICE =
            new File(System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null");
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";
    /** It does nothing but wait. */
    private static final int EXIT_STACK_BYTES = 64 * 1024;
    /** The two forms in which JDKs tell the system's error. */
    private static final Pattern SYSTEM_ERROR = Pattern.compile("error[=:] ?(\\d+)(?:, ([^\\n]+)| \\(([^\\n)]+)\\))");

    private final ProcessTable table;
    private final InheritedEnvironment inherited;
    private final boolean controlGroups;
    private final Duration grace;
    private final Optional<String> setsid;
    private final HeldPaths paths = new HeldPaths();
    /** Tells this runtime's jobs from those of the ones before and after it. */
    private final String runtime = UUID.randomUUID().toString();

    private @Nullable Watchdog watchdog;
    private volatile @Nullable ControlGroups groups;
    private boolean prepared;

    /**
     * A launcher.
     *
     * @param table tells a new process's identity
     * @param inherited which of the host's variables a job sees
     * @param controlGroups whether each job gets a control group, where that can be had
     * @param grace between SIGTERM and SIGKILL, when the host is killed
     */
    public JdkProcessLauncher(
            ProcessTable table, InheritedEnvironment inherited, boolean controlGroups, Duration grace) {
        this.table = table;
        this.inherited = inherited;
        this.controlGroups = controlGroups;
        this.grace = grace;
        this.setsid = List.of("/usr/bin/setsid", "/bin/setsid").stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
    }

    @Override
    public Launched launch(LaunchSpec spec) throws SpawnException, IOException {
        try (HeldPaths.Held stdout = openFresh(spec.stdout());
                HeldPaths.Held stderr = openFresh(spec.stderr())) {
            FileIdentity stdoutFile = FileIdentity.of(spec.stdout());
            FileIdentity stderrFile = FileIdentity.of(spec.stderr());
            checkStartable(spec);
            prepare(spec.marker().stateDir());
            ProcessBuilder builder = new ProcessBuilder()
                    .directory(spec.directory().toFile())
                    .redirectInput(NULL_DEVICE)
                    // ProcessBuilder opens them again, and would follow a link that has been put there since.
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(stdout.handle().toFile()))
                    .redirectError(
                            ProcessBuilder.Redirect.appendTo(stderr.handle().toFile()));
            Process process = start(builder, spec);
            return new Launched(table.identify(process.pid()), stdoutFile, stderrFile, exitOf(process));
        }
    }

    /**
     * Not by {@link Process#onExit}: that one completes on the common pool, where from JDK 25 on a host's own tasks can keep
     * the only thread for as long as they like.
     */
    private static CompletableFuture<Integer> exitOf(Process process) {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Runnable watch = () -> {
            try {
                exit.complete(process.waitFor());
            } catch (InterruptedException e) {
                exit.completeExceptionally(e);
            }
        };
        Thread thread = new Thread(null, watch, "tau-jobs-exit-" + process.pid(), EXIT_STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        return exit;
    }

    private void checkStartable(LaunchSpec spec) throws SpawnException {
        if (!Files.isDirectory(spec.directory())) {
            throw new SpawnException("working directory " + spec.directory() + " is no directory");
        }
        checkEncodable(spec);
        if (setsid.isPresent()) {
            checkExecutable(spec);
        }
    }

    private List<String> commandLine(LaunchSpec spec, Map<String, String> environment) {
        List<String> words = new ArrayList<>();
        ControlGroups made = groups;
        if (made != null && ShellEntry.keeps(environment)) {
            made.make(spec.marker().id()).ifPresent(file -> words.addAll(ShellEntry.words(file, environment)));
        }
        setsid.ifPresent(program -> words.addAll(List.of(program, "--")));
        words.add(spec.command());
        words.addAll(spec.args());
        return words;
    }

    private Process start(ProcessBuilder builder, LaunchSpec spec) throws SpawnException {
        Map<String, String> environment = builder.environment();
        inherited.restrict(environment);
        try {
            environment.putAll(spec.env());
            environment.put(JobMarker.ID_VARIABLE, spec.marker().id().value());
            environment.put(JobMarker.STATE_DIR_VARIABLE, spec.marker().stateDir());
            environment.put(JobMarker.RUNTIME_VARIABLE, runtime);
            return builder.command(commandLine(spec, environment)).start();
        } catch (IOException e) {
            throw new SpawnException(systemError(e));
        } catch (IllegalArgumentException e) {
            // A manifest that others wrote may hold a variable's name that no system takes.
            throw new SpawnException("the environment is not valid");
        }
    }

    /** Before the first process, so that none is without. */
    private synchronized void prepare(String stateDir) {
        if (prepared || setsid.isEmpty() || !LinuxProcessTable.isAvailable()) {
            return;
        }
        prepared = true;
        ControlGroups made = controlGroups && ShellEntry.isAvailable()
                ? ControlGroups.create(stateDir, runtime).orElse(null)
                : null;
        groups = made;
        try {
            String mark = JobMarker.RUNTIME_VARIABLE + "=" + runtime;
            watchdog = Watchdog.start(
                    setsid.get(), mark, made == null ? "" : made.directory().toString(), grace);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "no watchdog: jobs of a killed host run on until the next start", e);
        }
    }

    @Override
    public void release(JobId id) {
        ControlGroups made = groups;
        if (made != null) {
            made.remove(id);
        }
    }

    @Override
    public synchronized void close() {
        if (watchdog != null) {
            watchdog.close();
            watchdog = null;
        }
        ControlGroups made = groups;
        if (made != null) {
            made.close();
        }
    }

    /** Empties a log, or makes it, readable by its owner alone, and never through a link. */
    private HeldPaths.Held openFresh(Path log) throws IOException {
        return paths.file(
                log, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** The JDK writes '?' for what the locale's charset does not have; a wrong argument is worse than none. */
    private static void checkEncodable(LaunchSpec spec) throws SpawnException {
        for (Charset charset :
                List.of(Charset.defaultCharset(), Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8")))) {
            List<String> all = new ArrayList<>(spec.args());
            all.add(spec.command());
            all.addAll(spec.env().values());
            for (String text : all) {
                if (text.indexOf('\0') >= 0) {
                    throw new SpawnException("command, arguments and environment must not contain NUL");
                }
                if (!charset.newEncoder().canEncode(text)) {
                    throw new SpawnException("command, arguments or environment hold a character that the host's "
                            + "character set " + charset + " does not have"
                            + (charset.equals(StandardCharsets.UTF_8)
                                    ? " (half a surrogate pair)"
                                    : "; run the host in a UTF-8 locale"));
                }
            }
        }
    }

    /** With setsid in front, its exit code 127 would be all that we hear of a program that is not there. */
    private static void checkExecutable(LaunchSpec spec) throws SpawnException {
        String command = spec.command();
        List<Path> candidates = new ArrayList<>();
        try {
            if (command.contains("/")) {
                candidates.add(spec.directory().resolve(command));
            } else {
                String path = spec.env().getOrDefault("PATH", System.getenv().getOrDefault("PATH", DEFAULT_PATH));
                for (String directory : path.split(":", -1)) {
                    candidates.add(spec.directory().resolve(directory).resolve(command));
                }
            }
        } catch (InvalidPathException e) {
            throw new SpawnException("No such file or directory (os error 2)");
        }
        boolean found = false;
        for (Path candidate : candidates) {
            if (Files.isRegularFile(candidate)) {
                if (Files.isExecutable(candidate)) {
                    return;
                }
                found = true;
            } else if (command.contains("/") && Files.exists(candidate)) {
                found = true;
            }
        }
        throw new SpawnException(found ? "Permission denied (os error 13)" : "No such file or directory (os error 2)");
    }

    /** As the original words it: {@code No such file or directory (os error 2)}. */
    private static String systemError(IOException e) {
        String message = String.valueOf(e.getMessage());
        Matcher matcher = SYSTEM_ERROR.matcher(message);
        if (!matcher.find()) {
            return message;
        }
        String text = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
        return text + " (os error " + matcher.group(1) + ")";
    }
}
