package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each file of a state dir lies.
 *
 * @param root the directory itself
 */
public record StateDir(Path root) {
    /** {@return where the manifests and outputs lie} */
    public Path jobs() {
        return root.resolve("jobs");
    }

    /** {@return where others leave what they want of the owner} */
    public Path requests() {
        return root.resolve("requests");
    }

    /** {@return where changes are made durable before the manifests show them} */
    public Path journal() {
        return root.resolve("journal");
    }

    /** {@return where it stands what listeners have heard of} */
    public Path heard() {
        return root.resolve("heard");
    }

    Path request(JobId id) {
        return requests().resolve(id + ".json");
    }

    Path cancelRequest(JobId id) {
        return requests().resolve(id + ".cancel");
    }

    Path summary() {
        return root.resolve("jobs.index");
    }

    /** {@return where files go that can't be used} */
    public Path quarantine() {
        return root.resolve("quarantine");
    }

    /**
     * The file that shows a job.
     *
     * @param id the job
     * @return its path, whether it is there or not
     */
    public Path manifest(JobId id) {
        return jobs().resolve(id + ".json");
    }

    Path stdout(JobId id) {
        return jobs().resolve(id + ".stdout.log");
    }

    Path stderr(JobId id) {
        return jobs().resolve(id + ".stderr.log");
    }

    /** {@return the event log} */
    public Path events() {
        return root.resolve("events.jsonl");
    }

    /** {@return the file of the counters, state.json} */
    public Path snapshot() {
        return root.resolve("state.json");
    }

    /** {@return what the owner has locked} */
    public Path lock() {
        return root.resolve("lock");
    }

    /** {@return where the owner says who it is} */
    public Path owner() {
        return root.resolve("owner.json");
    }

    /**
     * The entries of a directory.
     *
     * @param directory the directory
     * @param glob which names
     * @return the entries, in no order
     * @throws IOException if it can't be read, also half way through
     */
    public static List<Path> list(Path directory, String glob) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    /**
     * Whether there is anything at a place.
     *
     * @param path the place
     * @return true also for a link that leads nowhere
     */
    public static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}
