package dev.tau.jobs.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TraceFanoutTest {
    /** What every sink was asked, as "name event"; sinks are made by ServiceLoader and can't be handed a list. */
    private static final List<String> ASKED = new CopyOnWriteArrayList<>();

    private static volatile CountDownLatch hang = new CountDownLatch(1);

    @TempDir
    Path dir;

    private final List<String> failures = new CopyOnWriteArrayList<>();

    @BeforeEach
    void reset() {
        ASKED.clear();
        hang = new CountDownLatch(1);
    }

    @AfterEach
    void release() {
        hang.countDown();
    }

    /** Emits these events to these sinks and closes the fan-out. */
    private void deliver(List<Class<? extends TraceSink>> sinks, List<String> events) throws IOException {
        Path services = dir.resolve("META-INF/services");
        Files.createDirectories(services);
        Files.write(
                services.resolve(TraceSink.class.getName()),
                sinks.stream().map(Class::getName).toList());
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {dir.toUri().toURL()}, getClass().getClassLoader())) {
            TraceFanout fanout =
                    new TraceFanout(ToolContext.builder().classLoader(loader).build());
            try (fanout) {
                fanout.start((event, messages) -> failures.add(event.event() + ": " + messages));
                events.forEach(event ->
                        fanout.emit(TraceEvent.builder("job-1-0001", event, 1).build()));
            }
        }
    }

    private static List<String> asked(String sink) {
        List<String> asked = new ArrayList<>(ASKED);
        asked.removeIf(line -> !line.startsWith(sink + " "));
        return asked;
    }

    private static List<String> prefixed(String sink, List<String> events) {
        return events.stream().map(event -> sink + " " + event).toList();
    }

    @Test
    void every_sink_gets_every_event_in_order_then_is_flushed_and_closed() throws IOException {
        List<String> events =
                IntStream.range(0, 200).mapToObj(Integer::toString).toList();

        deliver(List.of(First.class, Second.class), events);

        for (String sink : List.of("first", "second")) {
            assertThat(asked(sink))
                    .startsWith(sink + " open", sink + " 0")
                    .containsSubsequence(prefixed(sink, events))
                    .endsWith(sink + " 199", sink + " flush", sink + " close")
                    .hasSize(203);
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void the_failures_of_one_event_are_joined_and_both_sinks_asked_again() throws IOException {
        deliver(List.of(Throwing.class, First.class, AlsoThrowing.class), List.of("created", "bad", "bad", "started"));

        assertThat(failures)
                .containsExactly(
                        "bad: throwing: disk full | also: no room", "bad: throwing: disk full | also: no room");
        assertThat(asked("throwing")).contains("throwing started");
        assertThat(asked("first")).containsSubsequence("first created", "first bad", "first bad", "first started");
    }

    @Test
    void a_sink_that_can_not_be_opened_gets_nothing_and_the_others_work() throws IOException {
        deliver(List.of(Unopened.class, First.class), List.of("created"));

        assertThat(asked("unopened")).containsExactly("unopened open");
        assertThat(asked("first")).contains("first created");
        assertThat(failures).singleElement().asString().startsWith("created: unopened: ");
    }

    @Test
    void a_sink_that_has_nothing_to_do_is_opened_and_closed_and_told_of_nothing() throws IOException {
        deliver(List.of(Disabled.class, First.class), List.of("created"));

        assertThat(asked("disabled")).containsExactly("disabled open", "disabled flush", "disabled close");
        assertThat(asked("first")).contains("first created");
        assertThat(failures).isEmpty();
    }

    @Test
    void one_that_can_not_tell_whether_it_has_is_as_good_as_unopened() throws IOException {
        deliver(List.of(Undecided.class), List.of("created"));

        assertThat(asked("undecided")).containsExactly("undecided open");
        assertThat(failures).singleElement().asString().startsWith("created: undecided: no idea");
    }

    /** Takes the fan-out's five seconds, once. */
    @Test
    void a_sink_that_hangs_is_given_up_and_the_others_get_every_event_in_order() throws IOException {
        List<String> events = List.of("created", "started", "succeeded");

        deliver(List.of(Hanging.class, First.class), events);

        assertThat(asked("hanging")).containsExactly("hanging open", "hanging created");
        assertThat(asked("first"))
                .containsSubsequence(prefixed("first", events))
                .hasSize(6);
        assertThat(failures)
                .containsExactly(
                        "created: hanging: gave up after 5000 ms",
                        "started: hanging: was given up because it hung",
                        "succeeded: hanging: was given up because it hung");
    }

    /** Has nothing to do. */
    public static final class Disabled extends Recording {
        public Disabled() {
            super("disabled");
        }

        @Override
        public boolean isEnabled() {
            return false;
        }
    }

    /** Can't tell. */
    public static final class Undecided extends Recording {
        public Undecided() {
            super("undecided");
        }

        @Override
        public boolean isEnabled() {
            throw new IllegalStateException("no idea");
        }
    }

    abstract static class Recording implements TraceSink {
        private final String name;

        Recording(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void open(ToolContext context) throws IOException {
            ASKED.add(name + " open");
        }

        @Override
        public void emit(TraceEvent event) throws Exception {
            ASKED.add(name + " " + event.event());
        }

        @Override
        public void flush() {
            ASKED.add(name + " flush");
        }

        @Override
        public void close() {
            ASKED.add(name + " close");
        }
    }

    /** Records. */
    public static final class First extends Recording {
        public First() {
            super("first");
        }
    }

    /** Records. */
    public static final class Second extends Recording {
        public Second() {
            super("second");
        }
    }

    /** Throws at events named bad. */
    public static final class Throwing extends Recording {
        public Throwing() {
            super("throwing");
        }

        @Override
        public void emit(TraceEvent event) throws Exception {
            super.emit(event);
            if (event.event().equals("bad")) {
                throw new IOException("disk full");
            }
        }
    }

    /** Throws at events named bad. */
    public static final class AlsoThrowing extends Recording {
        public AlsoThrowing() {
            super("also");
        }

        @Override
        public void emit(TraceEvent event) {
            if (event.event().equals("bad")) {
                throw new IllegalStateException("no room");
            }
        }
    }

    /** Can't be opened. */
    public static final class Unopened extends Recording {
        public Unopened() {
            super("unopened");
        }

        @Override
        public void open(ToolContext context) throws IOException {
            super.open(context);
            throw new IOException("no");
        }
    }

    /** Never comes back, and takes no notice of interrupts, until the test ends. */
    public static final class Hanging extends Recording {
        public Hanging() {
            super("hanging");
        }

        @Override
        public void emit(TraceEvent event) throws Exception {
            super.emit(event);
            while (true) {
                try {
                    hang.await();
                    return;
                } catch (InterruptedException e) {
                    // goes on hanging
                }
            }
        }
    }
}
