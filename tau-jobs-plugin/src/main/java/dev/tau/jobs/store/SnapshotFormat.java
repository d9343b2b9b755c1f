package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a snapshot looks in state.json and, without its version, as {@code health} in results. {@code removed_*_total} and
 * {@code removing} are ours.
 */
public final class SnapshotFormat {
    private SnapshotFormat() {}

    /**
     * As in results.
     *
     * @param snapshot the snapshot
     * @return its members in the wire format's order, without schema_version
     */
    public static Map<String, @Nullable Object> health(Snapshot snapshot) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("updated_unix_ms", snapshot.updatedUnixMs());
        map.put("queue_depth", snapshot.queueDepth());
        map.put("running_jobs", snapshot.runningJobs());
        map.put("created_total", snapshot.createdTotal());
        map.put("started_total", snapshot.startedTotal());
        map.put("succeeded_total", snapshot.succeededTotal());
        map.put("failed_total", snapshot.failedTotal());
        map.put("cancelled_total", snapshot.cancelledTotal());
        map.put("last_job_id", snapshot.lastJobId());
        map.put("last_reason_code", snapshot.lastReasonCode());
        map.put("reason_codes", snapshot.reasonCodes());
        map.put("diagnostics", snapshot.diagnostics());
        map.put("removed_succeeded_total", snapshot.removed().succeeded());
        map.put("removed_failed_total", snapshot.removed().failed());
        map.put("removed_cancelled_total", snapshot.removed().cancelled());
        return map;
    }

    static Map<String, @Nullable Object> write(Snapshot snapshot) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("schema_version", Fields.SCHEMA_VERSION);
        map.putAll(health(snapshot));
        if (!snapshot.removed().removing().isEmpty()) {
            map.put("removing", snapshot.removed().removing());
        }
        return map;
    }

    /**
     * The jobs that are counted as removed, and whose files may still be there.
     *
     * @param snapshot the snapshot
     * @return their ids
     */
    public static Set<JobId> removing(Snapshot snapshot) {
        return snapshot.removed().removing().stream()
                .flatMap(id -> JobId.parse(id).stream())
                .collect(Collectors.toSet());
    }

    /**
     * What state.json says.
     *
     * @param map what it holds
     * @return the snapshot
     * @throws InvalidFileException if that is none that we take
     */
    public static Snapshot read(Map<String, @Nullable Object> map) throws InvalidFileException {
        Fields fields = new Fields(map);
        fields.checkSchemaVersion();
        return new Snapshot(
                fields.integer("updated_unix_ms", 0, 0),
                fields.integer("queue_depth", 0, 0),
                fields.integer("running_jobs", 0, 0),
                fields.integer("created_total", 0, 0),
                fields.integer("started_total", 0, 0),
                fields.integer("succeeded_total", 0, 0),
                fields.integer("failed_total", 0, 0),
                fields.integer("cancelled_total", 0, 0),
                fields.string("last_job_id", ""),
                fields.string("last_reason_code", ""),
                fields.strings("reason_codes", List.of()),
                fields.strings("diagnostics", List.of()),
                new Snapshot.Removed(
                        fields.integer("removed_succeeded_total", 0, 0),
                        fields.integer("removed_failed_total", 0, 0),
                        fields.integer("removed_cancelled_total", 0, 0),
                        fields.strings("removing", List.of())));
    }
}
