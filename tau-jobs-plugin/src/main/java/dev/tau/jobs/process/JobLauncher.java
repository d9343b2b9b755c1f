package dev.tau.jobs.process;

import dev.tau.jobs.config.InheritedEnvironment;
import dev.tau.jobs.file.FileIdentity;
import dev.tau.jobs.file.HeldPaths;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.process.LaunchSpec.JobMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * {@link ProcessLauncher} that has helpers start the jobs where there is a shell that does, and {@code setsid}; else, and for
 * what a shell would not hand on as it is, {@link ProcessBuilder}.
 *
 * <p>In both ways a job is in a session of its own: its processes are found by it though they cleaned their environment, and a
 * Ctrl-C at the host's terminal ends the host, which then decides, not the jobs.
 */
public final class JobLauncher implements ProcessLauncher {
    private static final System.Logger LOG = System.getLogger(JobLauncher.class.getName());

    private final ProcessTable table;
    private final InheritedEnvironment inherited;
    private final boolean controlGroups;
    private final Duration grace;
    private final Optional<String> setsid;
    private final DirectStart direct;
    private final HeldPaths paths = new HeldPaths();
    /** Tells this runtime's jobs from those of the ones before and after it. */
    private final String runtime = UUID.randomUUID().toString();

    /** More at once only wait for processors, and for some so long that their helpers seem not to answer. */
    private final Semaphore starting =
            new Semaphore(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()), true);

    private final Map<JobId, ShellHelper> helping = new ConcurrentHashMap<>();
    private @Nullable Watchdog watchdog;
    private volatile @Nullable ControlGroups groups;
    private volatile @Nullable HelperPool helpers;
    private boolean prepared;

    /**
     * A launcher.
     *
     * @param table tells a new process's identity
     * @param inherited which of the host's variables a job sees
     * @param controlGroups whether each job gets a control group, where that can be had
     * @param grace between SIGTERM and SIGKILL, when the host is killed
     */
    public JobLauncher(ProcessTable table, InheritedEnvironment inherited, boolean controlGroups, Duration grace) {
        this.table = table;
        this.inherited = inherited;
        this.controlGroups = controlGroups;
        this.grace = grace;
        this.setsid = List.of("/usr/bin/setsid", "/bin/setsid").stream()
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst();
        this.direct = new DirectStart(setsid);
    }

    @Override
    public Launched launch(LaunchSpec spec) throws SpawnException, IOException {
        try (HeldPaths.Held stdout = open(spec.stdout());
                HeldPaths.Held stderr = open(spec.stderr())) {
            FileIdentity stdoutFile = FileIdentity.of(spec.stdout().file());
            FileIdentity stderrFile = FileIdentity.of(spec.stderr().file());
            StartChecks.check(spec);
            if (setsid.isPresent()) {
                StartChecks.checkExecutable(spec);
            }
            prepare(spec.marker().stateDir());
            // By descriptor: who opens them again by name would follow a link that has been put there since.
            Started started;
            starting.acquireUninterruptibly();
            try {
                started = start(spec, stdout.handle(), stderr.handle());
            } finally {
                starting.release();
            }
            return new Launched(
                    table.identify(started.pid()), started.session(), stdoutFile, stderrFile, started.exit());
        }
    }

    private Started start(LaunchSpec spec, Path stdout, Path stderr) throws SpawnException, IOException {
        String text = spec.stdin();
        if (text == null) {
            return start(spec, new Streams(DirectStart.NULL_DEVICE.toPath(), stdout, stderr));
        }
        try (InputFile stdin = InputFile.of(text, spec.stdout().file(), paths)) {
            return start(spec, new Streams(stdin.handle(), stdout, stderr));
        }
    }

    private Started start(LaunchSpec spec, Streams streams) throws SpawnException, IOException {
        HelperPool pool = helpers;
        Map<String, String> own = new LinkedHashMap<>(spec.env());
        own.put(JobMarker.ID_VARIABLE, spec.marker().id().value());
        own.put(JobMarker.STATE_DIR_VARIABLE, spec.marker().stateDir());
        own.put(JobMarker.RUNTIME_VARIABLE, runtime);
        if (pool != null && ShellScript.keeps(own) && ShellScript.keeps(spec)) {
            ShellHelper helper = pool.take().orElse(null);
            if (helper != null) {
                try {
                    return start(helper, ShellScript.run(spec, pool.variables(), own, streams), spec.marker());
                } catch (ShellHelper.UncertainStartException e) {
                    throw e;
                } catch (IOException e) {
                    // It has not run. If the reason lies in the job itself, the system tells it best.
                    LOG.log(
                            System.Logger.Level.DEBUG,
                            "started without a helper: " + spec.marker().id(),
                            e);
                }
            }
        }
        return direct.start(
                spec,
                environment -> {
                    inherited.restrict(environment);
                    environment.putAll(own);
                },
                streams);
    }

    private Started start(ShellHelper helper, String script, JobMarker marker) throws IOException {
        ControlGroups made = groups;
        if (made != null) {
            made.label(helper.pid(), marker.id());
        }
        helping.put(marker.id(), helper);
        return helper.run(script);
    }

    /** Before the first process, so that none is without. */
    private synchronized void prepare(String stateDir) {
        if (prepared || setsid.isEmpty() || !LinuxProcessTable.isAvailable()) {
            return;
        }
        prepared = true;
        ControlGroups made =
                controlGroups ? ControlGroups.create(stateDir, runtime).orElse(null) : null;
        groups = made;
        try {
            String mark = JobMarker.RUNTIME_VARIABLE + "=" + runtime;
            watchdog = Watchdog.start(
                    setsid.get(), mark, made == null ? "" : made.directory().toString(), grace);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "no watchdog: jobs of a killed host run on until the next start", e);
        }
        helpers = new HelperPool(
                setsid.get(),
                environment -> {
                    inherited.restrict(environment);
                    environment.put(JobMarker.RUNTIME_VARIABLE, runtime);
                },
                table,
                made);
    }

    @Override
    public void release(JobId id) {
        ShellHelper helper = helping.remove(id);
        if (helper == null) {
            return;
        }
        ControlGroups made = groups;
        if (made != null) {
            made.unlabel(helper.pid(), id);
        }
        HelperPool pool = helpers;
        if (pool != null) {
            pool.giveBack(helper);
        }
    }

    @Override
    public synchronized void close() {
        HelperPool pool = helpers;
        if (pool != null) {
            pool.close();
        }
        if (watchdog != null) {
            watchdog.close();
            watchdog = null;
        }
        ControlGroups made = groups;
        if (made != null) {
            made.close();
        }
    }

    /** Empties a log but for what is to be kept, or makes it, readable by its owner alone, and never through a link. */
    private HeldPaths.Held open(LaunchSpec.Output log) throws IOException {
        // A job may have put a pipe in its place, which nobody would ever open for reading.
        if (Files.exists(log.file(), LinkOption.NOFOLLOW_LINKS)
                && !Files.isRegularFile(log.file(), LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("is no regular file: " + log.file());
        }
        HeldPaths.Held held = paths.file(log.file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            held.truncate(log.keepBytes());
            return held;
        } catch (IOException e) {
            held.close();
            throw e;
        }
    }
}
