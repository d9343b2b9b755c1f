package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import java.nio.file.Path;
import java.util.List;

/** In the place of the lock and of the owner's name lie files, or nothing. Comes before anybody takes the lock. */
final class LockCheck implements Check {
    @Override
    public void run(Examined dir, Findings out) {
        for (String name : List.of("lock", "owner.json")) {
            Path file = dir.root().resolve(name);
            if (Examined.exists(file) && !Examined.isRegular(file)) {
                out.quarantine(Kind.ODD_FILE, dir, file, "It is no regular file, so no runtime can start here.");
            }
        }
    }
}
