package dev.tau.jobs.store;

import dev.tau.jobs.file.Disk;
import dev.tau.jobs.job.HeardEnds;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.json.JsonCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code heard/}: a file a listener, with the ends that it has heard of. */
final class HeardFiles implements HeardStore {
    private final Path directory;
    private final Disk disk;
    private final AtomicFiles files;
    private final JsonCodec codec;

    HeardFiles(Path directory, Disk disk, JsonCodec codec) {
        this.directory = directory;
        this.disk = disk;
        this.files = new AtomicFiles(disk);
        this.codec = codec;
    }

    @Override
    public Optional<HeardEnds> heard(String listener) throws IOException {
        Path file = file(listener);
        if (!StateDir.exists(file)) {
            return Optional.empty();
        }
        Fields fields = new Fields(codec.read(BoundedFiles.read(file)));
        fields.checkSchemaVersion();
        Map<JobId, Long> later = new LinkedHashMap<>();
        Map<String, @Nullable Object> heard = fields.object("heard");
        for (String id : heard.keySet()) {
            long finished = new Fields(heard).integer(id, 0);
            JobId.parse(id).ifPresent(valid -> later.put(valid, finished));
        }
        return Optional.of(new HeardEnds(fields.integer("since_unix_ms", 0), later));
    }

    @Override
    public void saveHeard(String listener, HeardEnds heard) throws IOException {
        Path file = file(listener);
        boolean isFirst = !StateDir.exists(file);
        if (!StateDir.exists(directory)) {
            disk.createDirectories(directory);
            disk.syncDirectory(Objects.requireNonNull(directory.getParent()));
        }
        Map<String, Object> later = new LinkedHashMap<>();
        heard.later().forEach((id, finished) -> later.put(id.value(), finished));
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("schema_version", Fields.SCHEMA_VERSION);
        content.put("listener", listener);
        content.put("since_unix_ms", heard.sinceUnixMs());
        content.put("heard", later);
        byte[] text = ManifestFormat.withNewline(codec.write(content, true));
        if (isFirst) {
            // Without it the listener would be taken for a new one, that has missed nothing.
            files.replace(file, text);
        } else {
            files.replaceSoon(file, text);
        }
    }

    /** A name is the host's, and may be anything. */
    private Path file(String listener) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(listener.getBytes(StandardCharsets.UTF_8));
            return directory.resolve(HexFormat.of().formatHex(hash, 0, 16) + ".json");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }
}
