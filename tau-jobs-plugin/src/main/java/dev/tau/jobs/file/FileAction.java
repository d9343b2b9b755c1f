package dev.tau.jobs.file;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** What is done with an open file. */
public interface FileAction {
    /**
     * Does it.
     *
     * @param channel open for it
     * @throws IOException if the file can't be read or written
     */
    void on(FileChannel channel) throws IOException;
}
