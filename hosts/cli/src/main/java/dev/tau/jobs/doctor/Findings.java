package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Takes what the checks find; in a repair it mends each thing as it is found, so that later checks see it mended. */
final class Findings {
    private final boolean repair;
    private final List<Finding> all = new ArrayList<>();

    Findings(boolean repair) {
        this.repair = repair;
    }

    /** Mends one thing and tells what it did. */
    interface Mend {
        String run() throws IOException;
    }

    /** Something that is left to people. */
    void tell(Kind kind, String file, String what, String remedy) {
        all.add(new Finding(kind, file, what, remedy, false));
    }

    /** Something that a repair mends; returns whether it has. */
    boolean mendable(Kind kind, String file, String what, String remedy, Mend mend) {
        if (!repair) {
            tell(kind, file, what, remedy);
            return false;
        }
        try {
            all.add(new Finding(kind, file, what, mend.run(), true));
            return true;
        } catch (IOException e) {
            tell(kind, file, what, "could not be mended: " + Failures.describe(e));
            return false;
        }
    }

    /** Something that a repair moves to the quarantine. */
    void quarantine(Kind kind, Examined dir, java.nio.file.Path file, String what) {
        mendable(
                kind,
                dir.relative(file),
                what,
                "--repair moves it to quarantine/",
                () -> "moved to " + dir.relative(dir.files().quarantine(file)));
    }

    List<Finding> all() {
        return all;
    }
}
