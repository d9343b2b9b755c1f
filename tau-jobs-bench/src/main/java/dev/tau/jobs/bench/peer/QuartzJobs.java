package dev.tau.jobs.bench.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.stream.Collectors;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;

/** Quartz, with its jobs in memory or in an H2 database. */
final class QuartzJobs implements JobSystem {
    private static final String DIRECTORY = "directory";

    private final Scheduler scheduler;
    private final Path directory;
    private int last;

    private QuartzJobs(Path directory, Properties properties) throws SchedulerException {
        this.directory = directory;
        this.scheduler = new StdSchedulerFactory(properties).getScheduler();
        scheduler.start();
    }

    static QuartzJobs inMemory(Path directory) throws SchedulerException {
        Properties properties = common();
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        return new QuartzJobs(directory, properties);
    }

    static QuartzJobs inH2(Path directory) throws SchedulerException, SQLException, IOException {
        String url = "jdbc:h2:file:" + directory.resolve("quartz");
        JdbcConnectionPool source = JdbcConnectionPool.create(url, "sa", "");
        createTables(source);
        Properties properties = common();
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
        properties.setProperty(
                "org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.StdJDBCDelegate");
        properties.setProperty("org.quartz.jobStore.dataSource", "h2");
        properties.setProperty("org.quartz.dataSource.h2.connectionProvider.class", H2Connections.class.getName());
        properties.setProperty("org.quartz.dataSource.h2.url", url);
        return new QuartzJobs(directory, properties);
    }

    private static Properties common() {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", "bench");
        properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(WORKERS));
        return properties;
    }

    private static void createTables(JdbcConnectionPool source) throws SQLException, IOException {
        try (InputStream script = Scheduler.class.getResourceAsStream("/org/quartz/impl/jdbcjobstore/tables_h2.sql")) {
            if (script == null) {
                throw new IOException("Quartz has no script for H2");
            }
            String sql = new BufferedReader(new InputStreamReader(script, StandardCharsets.UTF_8))
                    .lines()
                    .collect(Collectors.joining("\n"));
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void runAll(int jobs) throws SchedulerException, InterruptedException {
        for (int job = 0; job < jobs; job++) {
            String name = Integer.toString(last++);
            scheduler.scheduleJob(
                    JobBuilder.newJob(TrueJob.class)
                            .withIdentity(name)
                            .usingJobData(DIRECTORY, directory.toString())
                            .build(),
                    TriggerBuilder.newTrigger().withIdentity(name).startNow().build());
        }
        TrueCommand.awaitEnded(jobs);
    }

    @Override
    public void close() throws SchedulerException {
        scheduler.shutdown(true);
    }

    /** Made by Quartz. */
    public static final class TrueJob implements Job {
        /** For Quartz. */
        public TrueJob() {}

        @Override
        public void execute(JobExecutionContext context) throws JobExecutionException {
            JobDataMap data = context.getMergedJobDataMap();
            try {
                TrueCommand.runAsJob(
                        data.getString(DIRECTORY),
                        context.getJobDetail().getKey().getName());
            } catch (IOException e) {
                throw new JobExecutionException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Made by Quartz; H2's own pool, so that no other one has to come along. */
    public static final class H2Connections implements ConnectionProvider {
        private @Nullable String url;
        private @Nullable JdbcConnectionPool pool;

        /** For Quartz. */
        public H2Connections() {}

        /**
         * Called by Quartz.
         *
         * @param value the property {@code url}
         */
        public void setUrl(String value) {
            url = value;
        }

        @Override
        public void initialize() {
            pool = JdbcConnectionPool.create(url, "sa", "");
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (pool == null) {
                throw new SQLException("not initialized");
            }
            return pool.getConnection();
        }

        @Override
        public void shutdown() {
            if (pool != null) {
                pool.dispose();
            }
        }
    }
}
