package dev.tau.jobs.gate;

import dev.tau.jobs.config.JobsConfig;
import dev.tau.jobs.config.Services;
import dev.tau.jobs.spi.JobGate;
import dev.tau.jobs.spi.JobProposal;
import dev.tau.jobs.spi.JobRefusedException;
import dev.tau.jobs.spi.ToolContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** All gates of a host, one after the other; a job passes if each lets it. Safe for several threads. */
public final class Gates implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Gates.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<GuardedGate> gates = new ArrayList<>();
    private final @Nullable RateLimit limit;
    private final List<String> problems = new ArrayList<>();

    private Gates(@Nullable RateLimit limit) {
        this.limit = limit;
    }

    /**
     * Finds and opens the gates of the class path. One that can't be found or opened refuses every job.
     *
     * @param config the settings
     * @param context what the gates are opened with
     * @return the open gates
     */
    public static Gates open(JobsConfig config, ToolContext context) {
        Integer perMinute = config.maxPerMinute();
        Gates opened = new Gates(perMinute == null ? null : new RateLimit(perMinute, System::nanoTime));
        Services<JobGate> found =
                Services.find(context.classLoader(), loader -> ServiceLoader.load(JobGate.class, loader));
        found.problems().forEach(problem -> opened.problem("a job gate can't be loaded: " + problem));
        for (JobGate gate : found.services()) {
            GuardedGate guarded = new GuardedGate(gate, PATIENCE);
            guarded.open(context).ifPresent(opened::problem);
            opened.gates.add(guarded);
        }
        return opened;
    }

    private void problem(String sentence) {
        LOG.log(System.Logger.Level.WARNING, sentence + "; it refuses every job");
        problems.add(sentence);
    }

    /**
     * Asks all of them.
     *
     * @param job what is to be queued
     * @throws JobRefusedException if one does not let it pass
     * @throws InterruptedException if the thread is interrupted; the job has not passed
     */
    public void check(JobProposal job) throws JobRefusedException, InterruptedException {
        if (!problems.isEmpty()) {
            throw new JobRefusedException(problems.get(0));
        }
        for (GuardedGate gate : gates) {
            gate.check(job);
        }
        // The last: what another one refuses does not count.
        if (limit != null) {
            GuardedGate.checkHere(limit, job);
        }
    }

    /** A job that they let pass was refused elsewhere, and does not count. */
    public void notCreated() {
        if (limit != null) {
            limit.takeBack();
        }
    }

    @Override
    public void close() {
        gates.forEach(GuardedGate::close);
    }
}
