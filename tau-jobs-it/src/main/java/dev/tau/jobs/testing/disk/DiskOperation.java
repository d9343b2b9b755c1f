package dev.tau.jobs.testing.disk;

import java.nio.file.Path;

/** One change of a disk, as {@link RecordingDisk} saw it, or a mark that a test made between two changes. */
public sealed interface DiskOperation {

    /**
     * A new file.
     *
     * @param file its path
     * @param content its content
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
    record Write(Path file, byte[] content) implements DiskOperation {}

    /**
     * A file's content was made durable.
     *
     * @param file its path
     */
    record Sync(Path file) implements DiskOperation {}

    /**
     * A file got another name.
     *
     * @param from the old one
     * @param to the new one
     */
    record Rename(Path from, Path to) implements DiskOperation {}

    /**
     * The names in a directory were made durable.
     *
     * @param directory its path
     */
    record SyncDirectory(Path directory) implements DiskOperation {}

    /**
     * A file was deleted, if it was there.
     *
     * @param file its path
     */
    record Delete(Path file) implements DiskOperation {}

    /**
     * A file was cut.
     *
     * @param file its path
     * @param size its new length in bytes
     */
    record Truncate(Path file, long size) implements DiskOperation {}

    /**
     * A file was made by being opened for appending.
     *
     * @param file its path
     */
    record Open(Path file) implements DiskOperation {}

    /**
     * A file was made for much to be appended, see {@link dev.tau.jobs.file.Disk#begin}.
     *
     * @param file its path
     */
    record Begin(Path file) implements DiskOperation {}

    /**
     * Something was appended.
     *
     * @param file its path
     * @param content what
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
    record Append(Path file, byte[] content) implements DiskOperation {}

    /**
     * A directory was made, durably.
     *
     * @param directory its path
     */
    record CreateDirectories(Path directory) implements DiskOperation {}

    /**
     * Not a change: what the test had learnt by then.
     *
     * @param what for example the id of a job that was acknowledged
     */
    record Mark(String what) implements DiskOperation {}
}
