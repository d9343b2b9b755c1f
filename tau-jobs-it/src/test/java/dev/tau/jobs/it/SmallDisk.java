package dev.tau.jobs.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A file system of its own, of a few MiB, that can be filled for real: a tmpfs. To mount one takes root's rights; quotas do
 * too, and a limit on the length of files ({@code ulimit -f}) is another error than a full disk's.
 */
final class SmallDisk implements AutoCloseable {
    private static final int FILLING = 64 << 10;

    private final Path root;

    private SmallDisk(Path root) {
        this.root = root;
    }

    /** Empty where none can be mounted. */
    static Optional<SmallDisk> mount(Path at, int mebibytes) throws Exception {
        boolean mounted = succeeds(
                "mount", "-t", "tmpfs", "-o", "mode=0700,size=" + mebibytes + "m", "tau-jobs-it", at.toString());
        return mounted ? Optional.of(new SmallDisk(at.toRealPath())) : Optional.empty();
    }

    private static boolean succeeds(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    Path root() {
        return root;
    }

    /** Takes all room that is left. */
    void fill(String name) throws IOException {
        byte[] block = new byte[FILLING];
        try (OutputStream out = Files.newOutputStream(root.resolve(name))) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    /** Takes some room. */
    void reserve(String name, int bytes) throws IOException {
        Files.write(root.resolve(name), new byte[bytes]);
    }

    void free(String name) throws IOException {
        Files.delete(root.resolve(name));
    }

    /** Unmounts it, whoever still uses it. */
    @Override
    public void close() throws Exception {
        if (!succeeds("umount", root.toString())) {
            assertThat(succeeds("umount", "-l", root.toString()))
                    .as("unmounted: " + root)
                    .isTrue();
        }
    }
}
