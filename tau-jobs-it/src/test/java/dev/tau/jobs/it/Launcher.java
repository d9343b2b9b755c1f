package dev.tau.jobs.it;

import java.nio.file.Path;

/** The launcher script at the project's root; failsafe's working directory is this module's. */
final class Launcher {
    private Launcher() {}

    static String path() {
        return Path.of("..", "tau-jobs").toAbsolutePath().normalize().toString();
    }
}
