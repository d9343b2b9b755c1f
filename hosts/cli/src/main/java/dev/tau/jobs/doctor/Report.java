package dev.tau.jobs.doctor;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What an examination or a repair came to.
 *
 * @param directory the real path of the state dir
 * @param owned whether a live process owns it; then only a part was examined, and nothing mended
 * @param ownerPid that process, empty if it is not known
 * @param findings in the order of the checks
 */
public record Report(Path directory, boolean owned, OptionalLong ownerPid, List<Finding> findings) {
    /** Copies the list. */
    public Report {
        findings = List.copyOf(findings);
    }

    /** {@return how many findings are wrong and not mended} */
    public long problems() {
        return findings.stream().filter(Finding::isProblem).count();
    }
}
