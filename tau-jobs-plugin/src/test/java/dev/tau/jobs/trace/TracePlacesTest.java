package dev.tau.jobs.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A manifest that others wrote, or a link that was put in the way, does not make the sinks write elsewhere. */
class TracePlacesTest {
    @TempDir
    private Path temporary;

    private Path work;
    private Path outside;
    private final SessionSink session = new SessionSink();
    private final ChannelStoreSink channels = new ChannelStoreSink();

    @BeforeEach
    void open() throws IOException {
        work = Files.createDirectory(temporary.resolve("work")).toRealPath();
        outside = Files.createDirectory(temporary.resolve("outside")).toRealPath();
        ToolContext context = ToolContext.builder()
                .workingDirectory(work)
                .setting("session", outside.resolve("configured.jsonl").toString())
                .setting("channel-store-root", work.resolve("store").toString())
                .build();
        session.open(context);
        channels.open(context);
    }

    private static TraceEvent event(TraceTarget target) {
        return TraceEvent.builder("job-1-0001", "created", 1)
                .outcome("queued", "job_queued", "")
                .target(target)
                .build();
    }

    private static TraceEvent toSession(Path path) {
        return event(TraceTarget.none().withSession(path.toString()));
    }

    private static TraceEvent toChannel(Path store, String transport) {
        return event(TraceTarget.none().withChannel(store.toString(), transport, "id"));
    }

    @Test
    void theConfiguredSessionMayLieAnywhere() throws IOException {
        session.emit(toSession(outside.resolve("configured.jsonl")));
        assertThat(outside.resolve("configured.jsonl")).exists();
    }

    @Test
    void aSessionOutsideIsRefused() {
        assertThatThrownBy(() -> session.emit(toSession(outside.resolve("other.jsonl"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("session_path must lie inside an allowed root");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatBecameALinkIsRefused() throws IOException {
        Path sessions = work.resolve("sessions");
        session.emit(toSession(sessions.resolve("a.jsonl")));
        Files.delete(sessions.resolve("a.jsonl"));
        Files.delete(sessions);
        Files.createSymbolicLink(sessions, outside);
        assertThatThrownBy(() -> session.emit(toSession(sessions.resolve("a.jsonl"))))
                .isInstanceOf(IOException.class);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aChannelStoreOutsideIsRefused() {
        assertThatThrownBy(() -> channels.emit(toChannel(outside, "slack")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("channel_store_root must lie inside an allowed root");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aTransportThatIsALinkIsRefused() throws IOException {
        Path store = work.resolve("store");
        channels.emit(toChannel(store, "slack"));
        Files.createSymbolicLink(store.resolve("channels/email"), outside);
        assertThatThrownBy(() -> channels.emit(toChannel(store, "email")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("channel must lie inside");
        assertThat(outside).isEmptyDirectory();
    }
}
