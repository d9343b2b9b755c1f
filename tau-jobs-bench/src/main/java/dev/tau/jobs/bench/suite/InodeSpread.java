package dev.tau.jobs.bench.suite;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the past of a disk out of the figures. ext4 makes a file near its directory, and passes over each inode that was deleted
 * there in the last minutes: where thousands were, a file takes up to ten times as long. A directory of new directories near
 * others is no help, unless it bears the attribute {@code T} (top of a hierarchy): then ext4 spreads what is made in it over
 * the whole disk.
 */
final class InodeSpread {
    private InodeSpread() {}

    /** Sets the attribute where there is one; elsewhere nothing happens, and nothing needs to. */
    static void ask(Path directory) throws InterruptedException {
        try {
            new ProcessBuilder("chattr", "+T", directory.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            // Not a Linux: nothing to ask for.
            return;
        }
    }
}
