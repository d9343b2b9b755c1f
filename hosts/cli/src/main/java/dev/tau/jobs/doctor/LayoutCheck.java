package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/** What lies directly in the state dir is what belongs there. */
final class LayoutCheck implements Check {
    private static final Set<String> DIRECTORIES = Set.of("heard", "jobs", "journal", "quarantine", "requests");
    /** These have checks of their own. */
    private static final Set<String> OTHERS = Set.of("state.json", "jobs.index", "lock", "owner.json");

    private static final Pattern EVENTS = Pattern.compile("events\\.jsonl(\\.[0-9]+)?");

    @Override
    public void run(Examined dir, Findings out) throws IOException {
        for (Path file : dir.list(dir.root())) {
            String name = Examined.name(file);
            if (DIRECTORIES.contains(name)) {
                if (!Examined.isDirectory(file)) {
                    notDirectory(dir, file, out);
                }
            } else if (EVENTS.matcher(name).matches()) {
                if (Examined.exists(file) && !Examined.isRegular(file)) {
                    out.quarantine(
                            Kind.ODD_FILE, dir, file, "It is no regular file, so no event can be written to it.");
                }
            } else if (!OTHERS.contains(name) && !Examined.isTemporary(file)) {
                out.tell(Kind.UNKNOWN_FILE, dir.relative(file), "It is none of tau-jobs' files.", "left where it is");
            }
        }
    }

    private static void notDirectory(Examined dir, Path file, Findings out) {
        String what = "It is no directory, or a link to one.";
        if (file.equals(dir.places().requests())) {
            out.quarantine(Kind.ODD_FILE, dir, file, what);
        } else {
            // Behind a link there may be jobs, which would be gone for whoever follows it.
            out.tell(Kind.ODD_FILE, dir.relative(file), what, "put a directory in its place by hand");
        }
    }
}
