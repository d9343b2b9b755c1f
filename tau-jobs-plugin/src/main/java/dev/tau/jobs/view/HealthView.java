package dev.tau.jobs.view;

import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.store.SnapshotFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the runtime's counters look in a result: the wire format's {@code health}. */
public final class HealthView {
    private HealthView() {}

    /**
     * Counters and diagnostics as in results.
     *
     * @param snapshot the counters
     * @return all of state.json but schema_version
     */
    public static Map<String, @Nullable Object> of(Snapshot snapshot) {
        return SnapshotFormat.health(snapshot);
    }
}
