package dev.tau.jobs.doctor;

import dev.tau.jobs.doctor.Finding.Kind;
import dev.tau.jobs.statedir.Room;
import dev.tau.jobs.terminal.Texts;

/** On a disk that is full nothing can be recorded, whoever owns the directory. */
final class RoomCheck implements Check {
    @Override
    public void run(Examined dir, Findings out) {
        Room.of(dir.root())
                .filter(Room::isScarce)
                .ifPresent(room -> out.tell(
                        Kind.LOW_DISK_SPACE,
                        ".",
                        "Its disk has " + Texts.bytes(room.bytes()) + " left, and " + Texts.bytes(Room.WANTED_BYTES)
                                + " are wanted: jobs may be refused, and their ends not be recorded.",
                        "make room: the operations guide says what may be deleted"));
    }
}
