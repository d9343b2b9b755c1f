package dev.tau.jobs.cli;

import dev.tau.jobs.statedir.StateDirReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/**
 * The job that somebody means.
 *
 * @param reader of its state dir
 * @param id its id
 */
record MeantJob(StateDirReader reader, String id) {

    /**
     * Looks for a job.
     *
     * @param readers the state dirs that may have it
     * @param given an id, or how one begins that no other job of them has
     * @return empty if there is no such job
     * @throws IllegalArgumentException if several jobs may be meant
     * @throws IOException if a directory can't be read
     */
    static Optional<MeantJob> find(List<StateDirReader> readers, String given) throws IOException {
        if (given.isEmpty()) {
            throw new IllegalArgumentException("ID must not be empty");
        }
        List<MeantJob> exact = new ArrayList<>();
        List<MeantJob> begun = new ArrayList<>();
        for (StateDirReader reader : readers) {
            List<String> ids = reader.idsThatBeginWith(given);
            ids.forEach(id -> begun.add(new MeantJob(reader, id)));
            // It may be known by the journal, or a request, alone.
            if (ids.contains(given) || reader.job(given).isPresent()) {
                exact.add(new MeantJob(reader, given));
            }
        }
        List<MeantJob> found = exact.isEmpty() ? begun : exact;
        if (found.size() > 1) {
            boolean several = readers.size() > 1;
            throw new IllegalArgumentException("ID must be one job's, found: " + given + ", with which " + found.size()
                    + " begin, " + found.get(0).named(several) + " and "
                    + found.get(1).named(several) + " among them");
        }
        return found.stream().findFirst();
    }

    private String named(boolean withDirectory) {
        return withDirectory ? id + " in " + reader.directory() : id;
    }

    /** Says that there is none; returns the command's exit code. */
    static int unknown(List<StateDirReader> readers, String given) {
        List<String> directories =
                readers.stream().map(reader -> reader.directory().toString()).toList();
        StateDirsCommand.complain("there is no job " + given + " in " + String.join(", nor in ", directories));
        return CommandLine.ExitCode.SOFTWARE;
    }
}
