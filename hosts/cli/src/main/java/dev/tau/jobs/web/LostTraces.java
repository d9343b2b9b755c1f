package dev.tau.jobs.web;

import dev.tau.jobs.statedir.EventTail;
import dev.tau.jobs.statedir.LoggedEvent;
import dev.tau.jobs.statedir.StateDirReader;
import java.io.IOException;
import java.util.List;

/** Counts the transitions of which the event log of a state dir says that a trace sink failed to record them. For one thread. */
final class LostTraces implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LostTraces.class.getName());

    private final EventTail events;
    private long count;

    /** Counts from now on. */
    LostTraces(StateDirReader reader) throws IOException {
        events = reader.latestEvents();
        var unused = countNew(); // of before
    }

    /** {@return how many, as far as the log can be read and has not lost the lines by rotation} */
    long count() {
        try {
            count += countNew();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the event log can't be read now", e);
        }
        return count;
    }

    private long countNew() throws IOException {
        long found = 0;
        for (List<LoggedEvent> some = events.next(); !some.isEmpty(); some = events.next()) {
            found += some.stream().filter(LoggedEvent::isTraceError).count();
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        events.close();
    }
}
