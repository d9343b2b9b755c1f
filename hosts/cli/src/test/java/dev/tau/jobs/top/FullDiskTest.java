package dev.tau.jobs.top;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.statedir.StateDirWatch;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

/** On a disk in memory, which is as small as is wanted. */
class FullDiskTest {
    private static String text(Screen screen) {
        return screen.draw(150, 20, System.currentTimeMillis()).stream()
                .map(AttributedString::toString)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void low_disk_space_is_shown_until_there_is_room() throws IOException {
        Configuration disk =
                Configuration.unix().toBuilder().setMaxSize(40_000_000).build();
        try (FileSystem files = Jimfs.newFileSystem(disk)) {
            Path root = files.getPath("/work");
            Files.createDirectories(root.resolve(".tau/jobs/jobs"));
            StateDirReader reader = StateDirReader.open(
                    ToolContext.builder().workingDirectory(root).build());
            try (StateDirWatch watch = reader.watch()) {
                Screen screen = new Screen(List.of(watch), Map.of(), new Look(false, false));
                screen.jobsChanged();
                assertThat(text(screen)).doesNotContain("low disk space");

                Path filler = Files.write(root.resolve("filler"), new byte[25_000_000]);
                await().until(watch::look);
                screen.jobsChanged();
                assertThat(text(screen)).containsPattern("low disk space: 1\\d MB left");

                Files.delete(filler);
                await().until(watch::look);
                screen.jobsChanged();
                assertThat(text(screen)).doesNotContain("low disk space");
            }
        }
    }
}
