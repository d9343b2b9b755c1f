package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.statedir.FoundJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The manifests show what the journal says; those of a live owner may lag behind. Fills {@link Examined#lags}. */
final class JournalCheck implements Check {
    private static final int NAMED = 3;

    @Override
    public void run(Examined dir, Findings out) throws IOException {
        FoundJournal journal = dir.files().journal();
        for (Path file : journal.strange()) {
            if (!dir.inFlux(file)) {
                out.quarantine(Kind.ODD_FILE, dir, file, "It is no part of the journal.");
            }
        }
        if (dir.owned()) {
            return;
        }
        for (Path file : journal.damaged()) {
            out.mendable(
                    Kind.BROKEN_LINES,
                    dir.relative(file),
                    "Entries can't be read that have others behind them: what they say is lost.",
                    "--repair keeps a copy in quarantine/, as the next start does",
                    () -> {
                        journal.catchUp();
                        return "copied to quarantine/";
                    });
        }
        Map<JobId, Optional<JobRecord>> lagging = journal.lagging();
        if (lagging.isEmpty()) {
            return;
        }
        String some = lagging.keySet().stream().limit(NAMED).map(JobId::value).collect(Collectors.joining(", "));
        boolean mended = out.mendable(
                Kind.LAGGING,
                dir.relative(dir.places().journal()),
                "A crash came before the manifests of these jobs showed what is in the journal: " + some
                        + (lagging.size() > NAMED ? " and " + (lagging.size() - NAMED) + " more." : "."),
                "--repair writes them, as the next start does",
                () -> {
                    journal.catchUp();
                    return "written";
                });
        if (!mended) {
            lagging.forEach(dir::knowByJournal);
        }
    }
}
