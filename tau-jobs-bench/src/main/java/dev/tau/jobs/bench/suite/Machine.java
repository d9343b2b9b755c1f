package dev.tau.jobs.bench.suite;

import com.sun.management.OperatingSystemMXBean;
import dev.tau.jobs.bench.result.Conditions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a run ran on. */
public final class Machine {
    private static final String UNKNOWN = "unknown";

    private Machine() {}

    /**
     * Looks around.
     *
     * @param directory where the state dirs will lie
     * @param sources the source tree; null if unknown
     * @param quick whether the run is a quick one
     * @param start when it began
     * @return the conditions, without rounds
     * @throws IOException if the directory can't be used
     */
    public static Conditions look(Path directory, @Nullable Path sources, boolean quick, Instant start)
            throws IOException {
        return new Conditions(
                start.truncatedTo(ChronoUnit.SECONDS).toString(),
                sources == null ? null : commit(sources),
                quick,
                0,
                System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                cpu(),
                fileSystem(directory),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /**
     * The type of a file system.
     *
     * @param directory on it
     * @return such as ext4
     * @throws IOException if it is not told
     */
    public static String fileSystem(Path directory) throws IOException {
        return Files.getFileStore(directory).type();
    }

    /** Bytes of physical memory. */
    static long memory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    private static String cpu() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    private static @Nullable String commit(Path sources) {
        // Without tags: a name that says the same on every clone.
        List<String> command = List.of(
                "git", "-C", sources.toString(), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*");
        try {
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return git.waitFor(10, TimeUnit.SECONDS) && git.exitValue() == 0 && !said.isBlank() ? said.strip() : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
