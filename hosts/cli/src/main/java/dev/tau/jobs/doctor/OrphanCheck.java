package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Each output belongs to a manifest, and nothing else lies among them. */
final class OrphanCheck implements Check {
    @Override
    public void run(Examined dir, Findings out) throws IOException {
        for (Path file : dir.list(dir.places().jobs())) {
            if (isHandledElsewhere(file) || dir.inFlux(file)) {
                continue;
            }
            Optional<String> job = jobOfOutput(Examined.name(file));
            if (job.isEmpty()) {
                odd(dir, file, out);
            } else if (!Examined.isRegular(file)) {
                if (Examined.exists(file)) {
                    out.quarantine(Kind.ODD_FILE, dir, file, "The output is no regular file.");
                }
            } else if (!Examined.exists(file.resolveSibling(job.get() + ".json")) && Examined.exists(file)) {
                out.quarantine(Kind.ORPHAN, dir, file, "There is no manifest for this output.");
            }
        }
        for (Path file : dir.list(dir.places().requests())) {
            boolean request = Examined.name(file).endsWith(".cancel") && Examined.isRegular(file);
            if (!isHandledElsewhere(file) && !request && !dir.inFlux(file)) {
                odd(dir, file, out);
            }
        }
    }

    private static boolean isHandledElsewhere(Path file) {
        return Examined.isTemporary(file) || Examined.name(file).endsWith(".json");
    }

    private static void odd(Examined dir, Path file, Findings out) {
        if (Examined.exists(file)) {
            out.quarantine(Kind.ODD_FILE, dir, file, "Nothing of this name belongs here.");
        }
    }

    private static Optional<String> jobOfOutput(String name) {
        return Stream.of(".stdout.log", ".stderr.log")
                .filter(name::endsWith)
                .map(suffix -> name.substring(0, name.length() - suffix.length()))
                .findFirst();
    }
}
