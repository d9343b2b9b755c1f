package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import java.io.IOException;

/** Tells how much lies in the quarantine: it is there to be looked at, and nothing is wrong with that. */
final class QuarantineNote implements Check {
    @Override
    public void run(Examined dir, Findings out) throws IOException {
        int count = dir.list(dir.places().quarantine()).size();
        if (count > 0) {
            out.tell(
                    Kind.QUARANTINED,
                    dir.relative(dir.places().quarantine()),
                    count == 1 ? "1 file lies here." : count + " files lie here.",
                    "look at them, and remove what nobody needs");
        }
    }
}
