package dev.tau.jobs.bench.suite;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A main class of ours, in a JVM of its own each turn. */
final class JvmContestant implements Contestant {
    /** Makes the arguments of one turn: fresh directories are in them. */
    interface Arguments {
        List<String> get() throws IOException, InterruptedException;
    }

    private final Workspace workspace;
    private final String id;
    private final String title;
    private final Class<?> main;
    private final Arguments arguments;
    private Optional<String> absence = Optional.empty();
    private boolean cold;

    JvmContestant(Workspace workspace, String id, String title, Class<?> main, Arguments arguments) {
        this.workspace = workspace;
        this.id = id;
        this.title = title;
        this.main = main;
        this.arguments = arguments;
    }

    JvmContestant absent(Optional<String> why) {
        absence = why;
        return this;
    }

    /** Each turn with nothing of the directories in the page cache, but with all of the JVM and the class path. */
    JvmContestant cold() {
        cold = true;
        return absent(PageCache.absence());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public Optional<String> absence() {
        return absence;
    }

    @Override
    public Map<String, Double> measure() throws IOException, InterruptedException {
        List<String> given = arguments.get();
        if (cold) {
            PageCache.drop();
            List<String> warm = List.of(given.get(0), workspace.fresh().toString(), "0");
            Child.run(workspace, List.of(), main, warm);
        }
        return Child.run(workspace, List.of(), main, given);
    }
}
