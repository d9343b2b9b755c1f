package dev.tau.jobs.bench.peer;

import java.nio.file.Path;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.sqlite.SqLiteStorageProvider;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** JobRunr with a SQLite database, polled as often as it allows: every 5 s. */
final class JobRunrJobs implements JobSystem {
    private static final int SHORTEST_POLL_S = 5;

    private final String directory;
    private int last;

    JobRunrJobs(Path directory) {
        this.directory = directory.toString();
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setBusyTimeout(20_000);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + directory.resolve("jobrunr.db"));
        JobRunr.configure()
                .useStorageProvider(new SqLiteStorageProvider(source))
                .useBackgroundJobServer(BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andPollIntervalInSeconds(SHORTEST_POLL_S)
                        .andWorkerCount(WORKERS))
                .initialize();
    }

    @Override
    public void runAll(int jobs) throws InterruptedException {
        for (int job = 0; job < jobs; job++) {
            String where = directory;
            String name = Integer.toString(last++);
            BackgroundJob.enqueue(() -> TrueCommand.runAsJob(where, name));
        }
        TrueCommand.awaitEnded(jobs);
    }

    @Override
    public void close() {
        JobRunr.destroy();
    }
}
