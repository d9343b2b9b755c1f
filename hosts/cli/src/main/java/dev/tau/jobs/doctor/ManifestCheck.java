package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.statedir.StateDirFiles.Read;
import java.io.IOException;
import java.nio.file.Path;

/** Each manifest, those of requests too, can be read and is its job's. Fills {@link Examined#jobs}. */
final class ManifestCheck implements Check {
    @Override
    public void run(Examined dir, Findings out) throws IOException {
        for (Path file : dir.list(dir.places().jobs())) {
            if (isManifest(file) && !dir.lags(file)) {
                check(dir, file, out, true);
            }
        }
        for (Path file : dir.list(dir.places().requests())) {
            if (isManifest(file)) {
                check(dir, file, out, false);
            }
        }
    }

    private static boolean isManifest(Path file) {
        return Examined.name(file).endsWith(".json") && !Examined.isTemporary(file);
    }

    private static void check(Examined dir, Path file, Findings out, boolean counts) {
        Read<JobRecord> read = dir.files().manifest(file);
        JobRecord job = read.value();
        switch (read.verdict()) {
            case GOOD -> {
                if (job != null && counts) {
                    dir.know(
                            job.id().value(),
                            new Examined.Job(job.status(), job.state().process()));
                }
            }
            case INVALID -> out.quarantine(Kind.BROKEN_MANIFEST, dir, file, "The manifest " + read.why() + ".");
            case NEWER ->
                out.tell(
                        Kind.NEWER_VERSION,
                        dir.relative(file),
                        "The manifest " + read.why() + ".",
                        "use the newer tau-jobs; it is left as it is");
            case UNREADABLE -> {
                dir.missOne();
                out.tell(
                        Kind.UNREADABLE,
                        dir.relative(file),
                        "The manifest " + read.why() + ".",
                        "look at the disk and at who owns the file");
            }
            case ABSENT -> {
                // Removed since it was listed.
            }
        }
    }
}
