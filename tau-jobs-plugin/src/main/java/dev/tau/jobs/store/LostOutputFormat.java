package dev.tau.jobs.store;

import dev.tau.jobs.job.JobState;
import dev.tau.jobs.job.LostOutput;
import dev.tau.jobs.job.OutputGaps;
import dev.tau.jobs.job.OutputSizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How it looks in a manifest what interrupted runs of a job had written; absent where there is nothing. */
final class LostOutputFormat {
    /** What an integer in JSON holds for all readers; sums of such stay positive. */
    private static final long MOST = (1L << 53) - 1;

    private LostOutputFormat() {}

    static void write(Map<String, @Nullable Object> manifest, JobState state) {
        write(manifest, "stdout_lost", state.lost().stdout());
        write(manifest, "stderr_lost", state.lost().stderr());
        OutputSizes interrupted = state.interrupted();
        if (interrupted != null) {
            manifest.put(
                    "interrupted",
                    Map.of(
                            "stdout_bytes", interrupted.stdout().bytes(),
                            "stderr_bytes", interrupted.stderr().bytes()));
        }
    }

    private static void write(Map<String, @Nullable Object> manifest, String name, OutputGaps gaps) {
        if (!gaps.gaps().isEmpty()) {
            manifest.put(
                    name,
                    gaps.gaps().stream()
                            .map(gap -> Map.of("position", gap.position(), "bytes", gap.bytes()))
                            .toList());
        }
    }

    static LostOutput readLost(Fields manifest) throws InvalidFileException {
        OutputGaps stdout = read(manifest, "stdout_lost");
        OutputGaps stderr = read(manifest, "stderr_lost");
        return stdout.gaps().isEmpty() && stderr.gaps().isEmpty() ? LostOutput.NONE : new LostOutput(stdout, stderr);
    }

    private static OutputGaps read(Fields manifest, String name) throws InvalidFileException {
        List<OutputGaps.Gap> gaps = new ArrayList<>();
        for (Map<String, @Nullable Object> each : manifest.objects(name)) {
            Fields fields = new Fields(each);
            gaps.add(new OutputGaps.Gap(
                    Math.min(MOST, fields.integer("position", 0)), Math.min(MOST, fields.integer("bytes", 0))));
        }
        return gaps.isEmpty() ? OutputGaps.NONE : new OutputGaps(gaps);
    }

    static @Nullable OutputSizes readInterrupted(Fields manifest) throws InvalidFileException {
        Map<String, @Nullable Object> interrupted = manifest.object("interrupted");
        if (interrupted.isEmpty()) {
            return null;
        }
        Fields fields = new Fields(interrupted);
        return new OutputSizes(size(fields, "stdout_bytes"), size(fields, "stderr_bytes"));
    }

    private static OutputSizes.Stream size(Fields fields, String name) throws InvalidFileException {
        return new OutputSizes.Stream(Math.min(MOST, fields.integer(name, 0)), false, false);
    }
}
