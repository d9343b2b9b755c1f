package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** No temporary files: a crash in the middle of a write leaves them, and what they were to replace is whole. */
final class LeftoverCheck implements Check {
    @Override
    public void run(Examined dir, Findings out) throws IOException {
        for (Path directory : List.of(
                dir.root(),
                dir.places().jobs(),
                dir.places().requests(),
                dir.places().heard())) {
            for (Path file : dir.list(directory)) {
                if (!Examined.isTemporary(file) || dir.inFlux(file)) {
                    continue;
                }
                if (Examined.isDirectory(file)) {
                    out.quarantine(Kind.ODD_FILE, dir, file, "A directory has the name of a temporary file.");
                } else {
                    out.mendable(
                            Kind.LEFTOVER,
                            dir.relative(file),
                            "A write that was cut off left it behind.",
                            "--repair deletes it",
                            () -> {
                                Files.deleteIfExists(file);
                                return "deleted";
                            });
                }
            }
        }
    }
}
