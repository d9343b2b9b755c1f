package dev.tau.jobs.store;

import dev.tau.jobs.file.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/** Replaces files whole: a reader, and a crash, see the old or the new content, never a mix. */
final class AtomicFiles {
    static final String TEMPORARY_SUFFIX = ".tmp";

    private AtomicFiles() {}

    /**
     * Writes a fresh temporary file beside the target, syncs it, renames it over, and syncs the directory.
     *
     * @param synced false leaves out both syncs: survives the end of the process, not a power cut
     */
    static void replace(Path target, byte[] content, boolean synced) throws IOException {
        // A leading dot and another suffix: neither our reader nor the original's takes it for a manifest.
        Path temporary = target.resolveSibling("." + target.getFileName() + "."
                + Long.toHexString(ThreadLocalRandom.current().nextLong()) + TEMPORARY_SUFFIX);
        try {
            try (FileChannel channel =
                    PrivateFiles.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(content));
                if (synced) {
                    channel.force(true);
                }
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        Path directory = target.getParent();
        if (synced && directory != null) {
            syncDirectory(directory);
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }

    /** Makes a rename survive a power cut. */
    static void syncDirectory(Path directory) throws IOException {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            // There a directory can't be opened as a file, and a rename is journalled.
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
