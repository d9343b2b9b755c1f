package dev.tau.jobs.it;

import dev.tau.jobs.spi.TraceSink;
import dev.tau.jobs.spi.TraceTarget;
import dev.tau.jobs.testing.Json;
import dev.tau.jobs.testing.TraceSinkContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Group;
import org.junit.jupiter.api.Nested;
import tools.jackson.databind.JsonNode;

/** The two sinks, found as the runtime finds them, hold the contract. */
class OurSinksIT {

    private static TraceSink sink(String name) {
        return ServiceLoader.load(TraceSink.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(sink -> sink.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Nested
    @Group
    class ChannelStore extends TraceSinkContract {
        @Override
        protected TraceSink newSink() {
            return sink("channel-store");
        }

        @Override
        protected TraceTarget target(Path directory) {
            return TraceTarget.none()
                    .withChannel(directory.resolve(".tau/channel-store").toString(), "slack", "C1");
        }

        @Override
        protected List<String> recorded(Path directory) {
            Path log = directory.resolve(".tau/channel-store/channels/slack/C1/log.jsonl");
            return !Files.exists(log)
                    ? List.of()
                    : Json.lines(log).stream()
                            .map(line -> line.path("payload"))
                            .map(payload -> payload.path("job_id").asString() + "/"
                                    + payload.path("reason_code").asString())
                            .toList();
        }
    }

    @Nested
    @Group
    class Session extends TraceSinkContract {
        private static final Pattern TEXT = Pattern.compile("background job (\\S+) \\S+ \\((\\S+)\\)");

        @Override
        protected TraceSink newSink() {
            return sink("session");
        }

        @Override
        protected TraceTarget target(Path directory) {
            return TraceTarget.none()
                    .withSession(directory.resolve("session.jsonl").toString());
        }

        @Override
        protected List<String> recorded(Path directory) {
            Path session = directory.resolve("session.jsonl");
            return !Files.exists(session)
                    ? List.of()
                    : Json.lines(session).stream()
                            .filter(line -> line.path("record_type").asString().equals("entry"))
                            .map(Session::what)
                            .toList();
        }

        private static String what(JsonNode entry) {
            String text =
                    entry.path("message").path("content").path(0).path("text").asString();
            Matcher matcher = TEXT.matcher(text);
            return matcher.matches() ? matcher.group(1) + "/" + matcher.group(2) : text;
        }
    }
}
