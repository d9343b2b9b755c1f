package dev.tau.jobs.process;

import java.nio.file.Path;

/**
 * The files of a process's standard streams.
 *
 * @param stdin is read
 * @param stdout opened for appending
 * @param stderr opened for appending
 */
record Streams(Path stdin, Path stdout, Path stderr) {
    /** Nothing to read, and nobody to write to. */
    static final Streams NONE = new Streams(
            DirectStart.NULL_DEVICE.toPath(), DirectStart.NULL_DEVICE.toPath(), DirectStart.NULL_DEVICE.toPath());
}
