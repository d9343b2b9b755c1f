package dev.tau.jobs.bench.suite;

import dev.tau.jobs.bench.process.IdleMain;
import dev.tau.jobs.bench.process.ProcFiles;
import dev.tau.jobs.bench.process.ProcFiles.ThreadUse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at hosts with nothing to do, all of them in the same window of time: they don't disturb each other, and turns of a
 * minute each would take too long. What the JVM itself does for ever is told apart by the names of the threads that a JVM has
 * which does nothing.
 */
final class IdleWatch {
    static final String OWN_CPU = "own_cpu_ms";
    static final String OWN_WAKE_UPS = "own_wake_ups";
    static final String WAKE_UPS = "wake_ups";

    /** Compilers and collectors go on for a while after the start. */
    private static final long SETTLE_MS = 3_000;

    private static final double NS_PER_MINUTE = 60e9;
    static final String NOTHING = "nothing";

    /** Gives the directory of one turn. */
    interface Directory {
        Path get() throws IOException, InterruptedException;
    }

    private final Workspace workspace;
    private final Map<String, Directory> directories = new LinkedHashMap<>();
    private final Map<String, Map<String, Double>> seen = new HashMap<>();
    private final List<Contestant> contestants = new ArrayList<>();

    IdleWatch(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Adds one: {@code nothing}, or what {@link IdleMain} knows. */
    void add(String id, String title, Directory directory) {
        directories.put(id, directory);
        contestants.add(new Watched(id, title));
    }

    List<Contestant> contestants() {
        return List.copyOf(contestants);
    }

    private final class Watched implements Contestant {
        private final String id;
        private final String title;

        Watched(String id, String title) {
            this.id = id;
            this.title = title;
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
            return ProcFiles.absence();
        }

        @Override
        public Map<String, Double> measure() throws IOException, InterruptedException {
            // The first one that has its turn watches all.
            if (contestants.get(0) == this) {
                watchAll();
            }
            Map<String, Double> mine = seen.remove(id);
            if (mine == null) {
                throw new IOException("does not start");
            }
            return mine;
        }
    }

    private void watchAll() throws IOException, InterruptedException {
        Map<String, Child> children = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, Directory> each : directories.entrySet()) {
                List<String> arguments =
                        List.of(each.getKey(), each.getValue().get().toString());
                children.put(each.getKey(), Child.start(workspace, List.of(), IdleMain.class, arguments));
            }
            awaitReady(children);
            Thread.sleep(SETTLE_MS);
            long start = System.nanoTime();
            Map<String, Map<Long, ThreadUse>> before = threads(children);
            Thread.sleep(workspace.scale().idleWindow().toMillis());
            Map<String, Map<Long, ThreadUse>> after = threads(children);
            double perMinute = NS_PER_MINUTE / (System.nanoTime() - start);
            Set<String> ofEveryJvm = after.getOrDefault(NOTHING, Map.of()).values().stream()
                    .map(ThreadUse::name)
                    .collect(Collectors.toSet());
            after.forEach((id, threads) ->
                    seen.put(id, values(before.getOrDefault(id, Map.of()), threads, ofEveryJvm, perMinute)));
            for (Child child : children.values()) {
                child.finish();
            }
        } finally {
            children.values().forEach(Child::close);
        }
    }

    /** A peer that does not start is left out. */
    private static void awaitReady(Map<String, Child> children) throws IOException, InterruptedException {
        for (Map.Entry<String, Child> child : Map.copyOf(children).entrySet()) {
            try {
                child.getValue().awaitReady();
            } catch (IOException e) {
                if (child.getKey().equals(NOTHING) || child.getKey().equals(Experiments.OURS)) {
                    throw e;
                }
                children.remove(child.getKey());
            }
        }
    }

    private static Map<String, Map<Long, ThreadUse>> threads(Map<String, Child> children) throws IOException {
        Map<String, Map<Long, ThreadUse>> threads = new HashMap<>();
        for (Map.Entry<String, Child> child : children.entrySet()) {
            threads.put(child.getKey(), ProcFiles.threads(child.getValue().pid()));
        }
        return threads;
    }

    private static Map<String, Double> values(
            Map<Long, ThreadUse> before, Map<Long, ThreadUse> after, Set<String> ofEveryJvm, double perMinute) {
        double cpuMs = 0;
        double wakeUps = 0;
        double ownCpuMs = 0;
        double ownWakeUps = 0;
        for (Map.Entry<Long, ThreadUse> thread : after.entrySet()) {
            @Nullable ThreadUse old = before.get(thread.getKey());
            ThreadUse now = thread.getValue();
            double ms = (now.cpuNs() - (old == null ? 0 : old.cpuNs())) / 1e6 * perMinute;
            double ups = (now.wakeUps() - (old == null ? 0 : old.wakeUps())) * perMinute;
            cpuMs += ms;
            wakeUps += ups;
            if (!ofEveryJvm.contains(now.name())) {
                ownCpuMs += ms;
                ownWakeUps += ups;
            }
        }
        return Map.of(Contestant.VALUE, cpuMs, WAKE_UPS, wakeUps, OWN_CPU, ownCpuMs, OWN_WAKE_UPS, ownWakeUps);
    }
}
