package dev.tau.jobs.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelStoreSinkTest {

    @ParameterizedTest
    @CsvSource({"slack,slack", "_a b/c_,a_b_c", "..,channel", ".,channel", "___,channel", "a.b,a.b", "ä,channel"})
    void names_are_made_safe_by_the_wire_formats_rule(String name, String safe) {
        assertThat(ChannelStoreSink.safeName(name)).isEqualTo(safe);
    }

    @Property
    void no_name_leaves_its_directory(@ForAll String name) {
        assertThat(ChannelStoreSink.safeName(name)).matches("[A-Za-z0-9._-]+").isNotIn(".", "..");
    }

    @Test
    void a_schema_that_a_full_disk_left_empty_is_written(@TempDir Path directory) throws Exception {
        Path store = directory.toRealPath().resolve("store");
        Path channel = Files.createDirectories(store.resolve("channels/slack/C1"));
        Path schema = Files.createFile(channel.resolve("schema.json"));
        ChannelStoreSink sink = new ChannelStoreSink();
        sink.open(ToolContext.builder()
                .workingDirectory(directory.toRealPath())
                .setting("channel-store-root", store.toString())
                .build());
        sink.emit(TraceEvent.builder("job-1-0001", "created", 1)
                .outcome("queued", "job_queued", "background job queued")
                .command("true", List.of())
                .output("/out", "/err")
                .target(TraceTarget.none().withChannel(store.toString(), "slack", "C1"))
                .build());
        sink.close();

        assertThat(Files.readString(schema)).contains("\"channel_id\": \"C1\"");
    }
}
