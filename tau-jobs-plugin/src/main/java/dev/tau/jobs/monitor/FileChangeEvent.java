package dev.tau.jobs.monitor;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A slow change of a file of the state dir in a flight recording. Its names are documented in docs/monitoring.md. */
@Name("dev.tau.jobs.FileChange")
@Label("File Change")
@Category("tau-jobs")
@Description("A change of a file of the state directory that took long")
@Threshold("20 ms")
@StackTrace(false)
final class FileChangeEvent extends Event {
    @Label("Operation")
    @Description("write, sync, rename, syncDirectory, delete, truncate, open, createDirectories, append")
    @Nullable
    String operation;

    @Label("File")
    @Nullable
    String file;
}
