package dev.tau.jobs.runtime;

import dev.tau.jobs.config.AllowedCommands;
import dev.tau.jobs.config.AllowedRoots;
import java.nio.file.Path;

/**
 * What a host says of all starts; asked at each, since a manifest may come from others, or from a host that says something else.
 *
 * @param workingDirectory where a job runs that names no directory
 * @param roots where others may run
 * @param commands which programs may be started
 */
record LaunchRules(Path workingDirectory, AllowedRoots roots, AllowedCommands commands) {}
