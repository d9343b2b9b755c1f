package dev.tau.jobs.store;

import dev.tau.jobs.job.JobId;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

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

    static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}
