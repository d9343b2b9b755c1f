package dev.tau.jobs.statedir;

import dev.tau.jobs.process.ProcessTable;
import dev.tau.jobs.store.StateDir;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows who owns a state dir. Who begins to own it writes owner.json anew; that it has ended shows in the table of processes. The
 * lock is tried as seldom as will do: an agent that starts in that moment would take us for the owner. For one thread.
 */
final class OwnerWatch {
    private static final Duration ASK_EVERY = Duration.ofSeconds(1);
    /** Another process may have its pid by now. */
    private static final Duration DOUBT_AFTER = Duration.ofSeconds(10);

    private static final ProcessTable PROCESSES = ProcessTable.ofPlatform();

    private final StateDirReader reader;
    private final StateDir dir;
    private Optional<Owner> owner = Optional.empty();
    private @Nullable Stamp stamp;
    private boolean stopped;
    private boolean asked;
    private long askedAt;

    OwnerWatch(StateDirReader reader, StateDir dir) {
        this.reader = reader;
        this.dir = dir;
    }

    /** Returns whether there is another owner than at the last look, or no longer one, or it was stopped or goes on. */
    boolean look() throws IOException {
        boolean changed = lookForOwner();
        boolean before = stopped;
        stopped = owner.filter(Owner::isStopped).isPresent();
        return changed || stopped != before;
    }

    private boolean lookForOwner() throws IOException {
        Stamp now = Stamp.of(dir.owner());
        boolean known = owner.isEmpty() || (isAlive(owner.get()) && isWithin(DOUBT_AFTER));
        boolean same = Objects.equals(now, stamp) && known;
        // The first owner is told at once: it has its lock by then.
        boolean soon = stamp != null && isWithin(ASK_EVERY);
        if (asked && (same || soon)) {
            return false;
        }
        asked = true;
        askedAt = System.nanoTime();
        Optional<Owner> found = reader.owner();
        boolean changed = !found.equals(owner);
        owner = found;
        stamp = now;
        return changed;
    }

    private boolean isWithin(Duration time) {
        return System.nanoTime() - askedAt < time.toNanos();
    }

    private static boolean isAlive(Owner owner) {
        // Not what ProcessHandle says: to that a zombie is alive, of which a container without an init has many.
        return owner.pid().isPresent()
                && !PROCESSES.identify(owner.pid().getAsLong()).start().isEmpty();
    }

    /** {@return whether a signal has stopped it, as of the last look} */
    boolean isStopped() {
        return stopped;
    }

    /** {@return the live process that owns the directory, as of the last look} */
    Optional<Owner> owner() {
        return owner;
    }
}
