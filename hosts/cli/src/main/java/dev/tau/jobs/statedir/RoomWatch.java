package dev.tau.jobs.statedir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Follows whether the room on a state dir's disk is scarce: what is there in plenty is no news whenever somebody writes. For one thread. */
final class RoomWatch {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Path directory;
    private Optional<Room> scarce = Optional.empty();
    private long seenAt = System.nanoTime() - PAUSE.toNanos();

    RoomWatch(Path directory) {
        this.directory = directory;
    }

    /** Returns whether there is another scarce room than at the last look, or no longer one. */
    boolean look() {
        if (System.nanoTime() - seenAt < PAUSE.toNanos()) {
            return false;
        }
        seenAt = System.nanoTime();
        Optional<Room> before = scarce;
        scarce = Room.of(directory).filter(Room::isScarce);
        return !scarce.equals(before);
    }

    /** {@return the room if it is scarce, as of a second before the last look} */
    Optional<Room> scarce() {
        return scarce;
    }
}
