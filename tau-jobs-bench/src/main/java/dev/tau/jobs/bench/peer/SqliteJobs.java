package dev.tau.jobs.bench.peer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tau.jobs.bench.host.Manifests;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Jobs in a SQLite table, with an index for lists: what one would write instead of a store of one's own. WAL and
 * synchronous=FULL, so that a committed job survives a power cut, as one of ours does. Safe for several threads.
 */
public final class SqliteJobs implements AutoCloseable {
    /** Fair, as the callers of a service would expect; the monitor would let one thread go on and the others starve. */
    private final ReentrantLock turns = new ReentrantLock(true);

    private final ObjectMapper json = new ObjectMapper();
    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement newest;
    private final PreparedStatement byId;

    private SqliteJobs(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists jobs("
                    + "id text primary key, status text not null, created integer not null, manifest text not null)");
            statement.execute("create index if not exists newest on jobs(created desc)");
            statement.execute("create index if not exists newest_of_status on jobs(status, created desc)");
        }
        insert = connection.prepareStatement("insert into jobs values (?, ?, ?, ?)");
        newest = connection.prepareStatement("select manifest from jobs order by created desc limit ?");
        byId = connection.prepareStatement("select manifest from jobs where id = ?");
    }

    /**
     * Opens a database, or makes it.
     *
     * @param file the database
     * @return the open database
     * @throws SQLException if SQLite refuses
     */
    public static SqliteJobs open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(20_000);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return new SqliteJobs(source.getConnection());
    }

    /**
     * Adds a job; it is on the disk when this returns.
     *
     * @param number makes its id
     * @param manifest what is kept of it
     * @throws SQLException if SQLite refuses
     */
    public void insertDurably(int number, String manifest) throws SQLException {
        turns.lock();
        try {
            insert(number, "queued", manifest);
        } finally {
            turns.unlock();
        }
    }

    private synchronized void insert(int number, String status, String manifest) throws SQLException {
        insert.setString(1, Manifests.id(number));
        insert.setString(2, status);
        insert.setLong(3, number);
        insert.setString(4, manifest);
        insert.executeUpdate();
    }

    /**
     * Adds a history in one transaction.
     *
     * @param count how many jobs, the same as {@link Manifests#write} makes
     * @throws SQLException if SQLite refuses
     */
    public synchronized void fill(int count) throws SQLException {
        connection.setAutoCommit(false);
        for (int number = 0; number < count; number++) {
            insert(number, Manifests.status(number), Manifests.ended(Path.of("jobs"), number));
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /**
     * The newest jobs.
     *
     * @param limit how many
     * @return their manifests, parsed
     * @throws SQLException if SQLite refuses
     */
    public synchronized List<JsonNode> newest(int limit) throws SQLException {
        newest.setInt(1, limit);
        List<JsonNode> manifests = new ArrayList<>(limit);
        try (ResultSet rows = newest.executeQuery()) {
            while (rows.next()) {
                manifests.add(parse(rows.getString(1)));
            }
        }
        return manifests;
    }

    /** A tool's result is made of fields, not of a text that holds them. */
    private JsonNode parse(String manifest) throws SQLException {
        try {
            return json.readTree(manifest);
        } catch (JsonProcessingException e) {
            throw new SQLException("no manifest", e);
        }
    }

    /**
     * One job.
     *
     * @param number as {@link Manifests#id} makes an id of it
     * @return its manifest, parsed
     * @throws SQLException if SQLite refuses, or there is no such job
     */
    public synchronized JsonNode byId(int number) throws SQLException {
        byId.setString(1, Manifests.id(number));
        try (ResultSet row = byId.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("no job " + number);
            }
            return parse(row.getString(1));
        }
    }

    /**
     * Reads all rows, as a start does that keeps an index in memory.
     *
     * @return how many there are
     * @throws SQLException if SQLite refuses
     */
    public synchronized int readAll() throws SQLException {
        int count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id, status, created, manifest from jobs")) {
            while (rows.next()) {
                if (rows.getString(1).isEmpty()
                        || rows.getString(2).isEmpty()
                        || rows.getString(4).isEmpty()) {
                    throw new SQLException("an empty row");
                }
                count++;
            }
        }
        return count;
    }

    @Override
    public synchronized void close() throws SQLException {
        connection.close();
    }
}
