package dev.tau.jobs.process;

import dev.tau.jobs.job.JobId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to start.
 *
 * @param marker marks every process of the job
 * @param command the program
 * @param args its arguments
 * @param env added to the host's environment; values are secret
 * @param directory where it runs
 * @param stdin its standard input; null for an empty one
 * @param stdout gets its standard output
 * @param stderr gets its standard error
 */
public record LaunchSpec(
        JobMarker marker,
        String command,
        List<String> args,
        Map<String, String> env,
        Path directory,
        @Nullable String stdin,
        Output stdout,
        Output stderr) {

    /**
     * What stands in the environment of every process of a job. The directory is part of it because two state dirs may
     * hold the same id, a copied one surely does, and nobody may end the other's processes.
     *
     * @param id the job
     * @param stateDir the state dir it belongs to
     */
    public record JobMarker(JobId id, String stateDir) {
        static final String ID_VARIABLE = "TAU_JOB_ID";
        static final String STATE_DIR_VARIABLE = "TAU_JOB_STATE_DIR";
        /** Not part of the mark: it differs from one start of the host to the next. */
        static final String RUNTIME_VARIABLE = "TAU_JOB_RUNTIME";
    }

    /**
     * An output file.
     *
     * @param file its path
     * @param keepBytes what is kept of it from runs before, from its beginning on
     */
    public record Output(Path file, long keepBytes) {}

    /** Leaves out the values of the environment. */
    @Override
    public String toString() {
        return "LaunchSpec[" + marker + "]";
    }
}
