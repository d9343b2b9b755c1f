package dev.tau.jobs.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The changes of files on which durability rests, one method each, so that a test can record them, fail them or stop the
 * world between two of them. Reading is not part of it. A change is sure to survive a power cut only once the file (its
 * content) or its directory (names made, moved and deleted in it) has been synced.
 */
public interface Disk {

    /**
     * Makes a file, readable by its owner alone.
     *
     * @param file must not exist
     * @param content what it holds
     * @throws IOException if it can't be written; a part of it may be there
     */
    void write(Path file, byte[] content) throws IOException;

    /**
     * Makes a file's content survive a power cut.
     *
     * @param file exists
     * @throws IOException if that can't be had
     */
    void sync(Path file) throws IOException;

    /**
     * Gives a file another name, replacing what has that name: readers see the one or the other, whole.
     *
     * @param from exists
     * @param to in the same file system
     * @throws IOException if it can't be done; nothing has changed then
     */
    void rename(Path from, Path to) throws IOException;

    /**
     * Makes the names in a directory survive a power cut.
     *
     * @param directory exists
     * @throws IOException if that can't be had
     */
    void syncDirectory(Path directory) throws IOException;

    /**
     * Deletes a file.
     *
     * @param file need not exist
     * @throws IOException if it can't be deleted
     */
    void delete(Path file) throws IOException;

    /**
     * Cuts a file.
     *
     * @param file exists
     * @param size its new length in bytes, at most the old one
     * @throws IOException if it can't be cut
     */
    void truncate(Path file, long size) throws IOException;

    /**
     * Opens a file for appending and makes it, readable by its owner alone, if it is not there.
     *
     * @param file not a link
     * @return the open file
     * @throws IOException if it can't be opened
     */
    Appender append(Path file) throws IOException;

    /**
     * Makes a file, readable by its owner alone, for much to be appended and synced often. Behind what was appended there may
     * be zeros, the room for more. What was appended and not synced may be lost in part after a power cut, the beginning
     * before the end or the end before the beginning; there are zeros then in its place, or the file is shorter.
     *
     * @param file must not exist
     * @return the open file
     * @throws IOException if it can't be made
     */
    Appender begin(Path file) throws IOException;

    /**
     * Makes a directory that only its owner can enter, and what is missing above it. On return they survive a power cut.
     *
     * @param directory one that is there stays as it is
     * @throws IOException if it can't be made
     */
    void createDirectories(Path directory) throws IOException;

    /** A file that is open for appending. */
    interface Appender extends AutoCloseable {

        /**
         * Appends.
         *
         * @param content all of it, by one write where the system lets us
         * @throws IOException if it can't be written; a part of it may be there
         */
        void append(byte[] content) throws IOException;

        /**
         * Takes back what was appended last, also half of it.
         *
         * @param size how much stays, in bytes
         * @throws IOException if it can't be taken back
         */
        void truncate(long size) throws IOException;

        /**
         * Makes what was appended survive a power cut.
         *
         * @throws IOException if that can't be had; what was appended since the last time may be lost then, even if it works
         *     the next time
         */
        void sync() throws IOException;

        /**
         * How much was appended, to what was there: the file's length without the room behind it.
         *
         * @return in bytes
         * @throws IOException if it can't be told
         */
        long size() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** {@return the machine's own} */
    static Disk local() {
        return new LocalDisk();
    }
}
