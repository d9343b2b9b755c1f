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

/** Where each file of a state dir lies. */
record StateDir(Path root) {
    Path jobs() {
        return root.resolve("jobs");
    }

    Path requests() {
        return root.resolve("requests");
    }

    Path journal() {
        return root.resolve("journal");
    }

    Path heard() {
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

    Path quarantine() {
        return root.resolve("quarantine");
    }

    Path manifest(JobId id) {
        return jobs().resolve(id + ".json");
    }

    Path stdout(JobId id) {
        return jobs().resolve(id + ".stdout.log");
    }

    Path stderr(JobId id) {
        return jobs().resolve(id + ".stderr.log");
    }

    Path events() {
        return root.resolve("events.jsonl");
    }

    Path snapshot() {
        return root.resolve("state.json");
    }

    Path lock() {
        return root.resolve("lock");
    }

    Path owner() {
        return root.resolve("owner.json");
    }

    /**
     * The entries of a directory.
     *
     * @param glob which names
     * @throws IOException if it can't be read, also half way through
     */
    static List<Path> list(Path directory, String glob) throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(entries::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return entries;
    }

    static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}
