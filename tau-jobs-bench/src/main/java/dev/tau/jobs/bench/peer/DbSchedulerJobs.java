package dev.tau.jobs.bench.peer;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.h2.jdbcx.JdbcConnectionPool;

/** db-scheduler with an H2 database and immediate execution: it does not wait for its next poll. */
final class DbSchedulerJobs implements JobSystem {
    /** From its documentation; it creates no tables itself. */
    private static final String TABLE = """
            create table scheduled_tasks(
              task_name varchar(100) not null,
              task_instance varchar(100) not null,
              task_data blob,
              execution_time timestamp(6) with time zone not null,
              picked boolean not null,
              picked_by varchar(50),
              last_success timestamp(6) with time zone,
              last_failure timestamp(6) with time zone,
              consecutive_failures int,
              last_heartbeat timestamp(6) with time zone,
              version bigint not null,
              priority smallint,
              primary key (task_name, task_instance)
            );
            create index execution_time_idx on scheduled_tasks(execution_time);
            create index last_heartbeat_idx on scheduled_tasks(last_heartbeat);
            """;

    private final JdbcConnectionPool source;
    private final OneTimeTask<Void> task;
    private final Scheduler scheduler;
    private int last;

    private DbSchedulerJobs(JdbcConnectionPool source, Path directory) {
        this.source = source;
        this.task = Tasks.oneTime("true").execute((instance, context) -> run(directory.toString(), instance.getId()));
        this.scheduler = Scheduler.create(source, task)
                .threads(WORKERS)
                .enableImmediateExecution()
                .build();
        scheduler.start();
    }

    static DbSchedulerJobs open(Path directory) throws SQLException {
        JdbcConnectionPool source =
                JdbcConnectionPool.create("jdbc:h2:file:" + directory.resolve("db-scheduler"), "sa", "");
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        return new DbSchedulerJobs(source, directory);
    }

    private static void run(String directory, String name) {
        try {
            TrueCommand.runAsJob(directory, name);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void runAll(int jobs) throws InterruptedException {
        for (int job = 0; job < jobs; job++) {
            scheduler.schedule(task.instance(Integer.toString(last++)), Instant.now());
        }
        TrueCommand.awaitEnded(jobs);
    }

    @Override
    public void close() {
        scheduler.stop();
        source.dispose();
    }
}
