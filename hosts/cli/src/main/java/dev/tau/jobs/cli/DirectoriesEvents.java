package dev.tau.jobs.cli;

import dev.tau.jobs.statedir.EventTail;
import dev.tau.jobs.statedir.LoggedEvent;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.view.Failures;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The events of several state dirs as those of one: by time, those of each in their order. */
final class DirectoriesEvents implements AutoCloseable {
    /** An event, and where it happened. */
    record Event(StateDirReader reader, LoggedEvent logged) {}

    private record Source(StateDirReader reader, EventTail tail, Deque<LoggedEvent> read) {
        /** The next event; empty if there is none yet. */
        Optional<LoggedEvent> peek() throws IOException {
            if (read.isEmpty()) {
                read.addAll(tail.next());
            }
            return Optional.ofNullable(read.peek());
        }
    }

    private final List<Source> sources = new ArrayList<>();
    private final Map<StateDirReader, String> problems = new LinkedHashMap<>();

    DirectoriesEvents(List<StateDirReader> readers) throws IOException {
        boolean opened = false;
        try {
            for (StateDirReader reader : readers) {
                sources.add(new Source(reader, reader.events(), new ArrayDeque<>()));
            }
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    /**
     * The next of those that there are by now; empty if there is none. Of several directories one that can't be read keeps nobody from the
     * others.
     */
    Optional<Event> next() throws IOException {
        Source first = null;
        long earliest = 0;
        for (Source source : sources) {
            Optional<LoggedEvent> event;
            try {
                event = source.peek();
                problems.remove(source.reader());
            } catch (IOException e) {
                if (sources.size() == 1) {
                    throw e;
                }
                problems.put(source.reader(), Failures.describe(e));
                continue;
            }
            if (event.isPresent() && (first == null || event.get().timestampUnixMs() < earliest)) {
                first = source;
                earliest = event.get().timestampUnixMs();
            }
        }
        return first == null
                ? Optional.empty()
                : Optional.of(new Event(first.reader(), first.read().remove()));
    }

    /** Why directories could not be read when they were looked at last. */
    Map<StateDirReader, String> problems() {
        return Map.copyOf(problems);
    }

    /** Whether a log was rotated away faster than it was read. */
    boolean hasMissedSome() {
        return sources.stream().anyMatch(source -> source.tail().hasMissedSome());
    }

    @Override
    public void close() throws IOException {
        for (Source source : sources) {
            source.tail().close();
        }
    }
}
