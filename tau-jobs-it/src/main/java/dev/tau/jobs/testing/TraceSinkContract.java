package dev.tau.jobs.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.spi.ToolContext;
import dev.tau.jobs.spi.TraceEvent;
import dev.tau.jobs.spi.TraceSink;
import dev.tau.jobs.spi.TraceTarget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TraceSink} must do. An implementer extends this class, overrides the factory methods, and gets the
 * tests:
 *
 * <ul>
 *   <li>The name is not blank and always the same.
 *   <li>Opened, told, flushed and closed, from whatever threads one after the other, it has recorded each event once and
 *       those of one job in their order; a second sink on the same directory goes on where the first ended.
 *   <li>Hostile texts (control characters, half characters, 1 MB of detail, thousands of arguments) cost no event, neither
 *       their own nor another.
 *   <li>An event before open fails or is harmless; so is one after close. Closing again does nothing.
 * </ul>
 *
 * <p>Needs both test engines, JUnit Jupiter and jqwik. Each test has a sink and a directory of its own.
 */
public abstract class TraceSinkContract {
    private static final List<String> REASONS =
            List.of("job_queued", "job_started", "job_recovered_after_restart", "job_started", "job_succeeded");

    private static final int MANY = 200;

    private @Nullable TemporaryDirectory directory;
    private @Nullable TraceSink sink;
    private int jobs;

    /** For subclasses. */
    protected TraceSinkContract() {}

    /** {@return a new sink, not open} */
    protected abstract TraceSink newSink();

    /**
     * Reads back what sinks that were opened with this directory have recorded; called after flush, and after close.
     *
     * @param directory the working directory of the sink's context
     * @return the events in the order in which they were recorded, each as {@code JOB_ID/REASON_CODE}
     * @throws Exception if it can't be read, which fails the test
     */
    protected abstract List<String> recorded(Path directory) throws Exception;

    /**
     * What the sink is opened with.
     *
     * @param directory an empty directory, deleted after the test
     * @return a context; by default one with that working directory and no settings
     */
    protected ToolContext context(Path directory) {
        return ToolContext.builder().workingDirectory(directory).build();
    }

    /**
     * Whom the events are for.
     *
     * @param directory the working directory of the sink's context
     * @return a target that the sink records; by default one that names nothing
     */
    protected TraceTarget target(Path directory) {
        return TraceTarget.none();
    }

    @BeforeEach
    @BeforeProperty
    final void openSink() throws Exception {
        directory = TemporaryDirectory.create();
        sink = newSink();
        sink.open(context(path()));
    }

    @AfterEach
    @AfterProperty
    final void closeSink() {
        try (TemporaryDirectory deletedLast = directory) {
            sink().close();
        }
    }

    private Path path() {
        return requireNonNull(directory).path();
    }

    private TraceSink sink() {
        return requireNonNull(sink);
    }

    private String newJob() {
        jobs++;
        return "job-1700000000000-" + (1000 + jobs);
    }

    private TraceEvent.Builder event(String job, String reason) {
        return TraceEvent.builder(job, "event", 1_700_000_000_000L)
                .outcome("running", reason, "background job " + reason)
                .command("make", List.of("test"))
                .output("/out/" + job, "/err/" + job)
                .target(target(path()));
    }

    /** Tells the sink and gives what must be read back. */
    private String tell(TraceSink whom, String job, String reason) throws Exception {
        whom.emit(event(job, reason).build());
        return job + "/" + reason;
    }

    private void assertRecorded(List<String> expected) throws Exception {
        assertThat(recorded(path())).containsExactlyElementsOf(expected);
    }

    @Test
    final void the_name_is_stable_and_not_blank() throws Exception {
        String name = sink().name();
        assertThat(name).isNotBlank().hasSizeLessThan(100).doesNotContain("\n");
        TraceSink another = newSink();
        assertThat(another.name()).as("before open").isEqualTo(name);
        another.close();
        tell(sink(), newJob(), "job_queued");
        assertThat(sink().name()).as("after an event").isEqualTo(name);
        sink().close();
        assertThat(sink().name()).as("after close").isEqualTo(name);
    }

    @Test
    final void the_events_of_two_jobs_are_all_there_after_a_flush_each_in_order() throws Exception {
        String one = newJob();
        String two = newJob();
        List<String> told = new ArrayList<>();
        for (String reason : REASONS) {
            told.add(tell(sink(), one, reason));
            told.add(tell(sink(), two, reason));
        }
        sink().flush();

        List<String> found = recorded(path());
        assertThat(found).containsExactlyInAnyOrderElementsOf(told);
        for (String job : List.of(one, two)) {
            assertThat(found.stream().filter(line -> line.startsWith(job + "/")))
                    .containsExactlyElementsOf(told.stream()
                            .filter(line -> line.startsWith(job + "/"))
                            .toList());
        }
        sink().close();
        assertThat(recorded(path())).as("after close").isEqualTo(found);
    }

    @Test
    final void a_thousand_events_from_one_thread_after_the_other_are_all_there() throws Exception {
        String job = newJob();
        List<String> told = new ArrayList<>();
        for (int thread = 0; thread < 10; thread++) {
            told.addAll(onAnotherThread(() -> {
                List<String> ofThread = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    ofThread.add(tell(sink(), job, REASONS.get(i % REASONS.size())));
                }
                return ofThread;
            }));
        }
        sink().flush();
        sink().close();

        assertRecorded(told);
    }

    private static List<String> onAnotherThread(Callable<List<String>> task) throws Exception {
        FutureTask<List<String>> future = new FutureTask<>(task);
        Thread thread = new Thread(future, "trace-sink-contract");
        thread.setDaemon(true);
        thread.start();
        return future.get(60, TimeUnit.SECONDS);
    }

    @Test
    final void a_second_sink_goes_on_where_the_first_ended() throws Exception {
        List<String> told = new ArrayList<>(List.of(tell(sink(), newJob(), "job_queued")));
        sink().flush();
        sink().close();
        TraceSink second = newSink();
        sink = second; // closed after the test
        second.open(context(path()));
        told.add(tell(second, newJob(), "job_queued"));
        second.flush();

        assertRecorded(told);
    }

    @Test
    final void long_details_and_many_arguments_cost_no_event() throws Exception {
        List<String> told = new ArrayList<>();
        told.add(tell(sink(), newJob(), "job_queued"));
        for (String unit : List.of("x", "\n", "\0", "\ud800", "\u001b[2J", "\ud83d\ude00", "\"\\")) {
            String detail = unit.repeat((1 << 20) / unit.length());
            told.add(tellHostile(detail, List.of("plain")));
        }
        told.add(tellHostile("many", new ArrayList<>(java.util.Collections.nCopies(10_000, "-x\n"))));
        told.add(tell(sink(), newJob(), "job_queued"));
        sink().flush();

        assertRecorded(told);
    }

    /**
     * Whatever a command or an error message holds, the event is recorded.
     *
     * @param texts made up
     * @throws Exception if the sink does not take it
     */
    @Property
    @Domain(TauJobsDomain.class)
    final void hostile_texts_cost_no_event(@ForAll TauJobsDomain.HostileTexts texts) throws Exception {
        int before = recorded(path()).size();
        if (before > MANY) {
            // It is read twice a try.
            closeSink();
            openSink();
            before = 0;
        }
        List<String> told = new ArrayList<>();
        for (String text : texts.list()) {
            told.add(tellHostile(text, texts.list()));
        }
        told.add(tell(sink(), newJob(), "job_queued"));
        sink().flush();

        List<String> found = recorded(path());
        assertThat(found.subList(before, found.size())).containsExactlyElementsOf(told);
    }

    private String tellHostile(String text, List<String> args) throws Exception {
        String job = newJob();
        sink().emit(event(job, "job_spawn_failed")
                .outcome("failed", "job_spawn_failed", text)
                .command(text, args)
                .exitCode(127)
                .build());
        return job + "/job_spawn_failed";
    }

    @Test
    final void an_event_before_open_fails_or_is_harmless() throws Exception {
        // Two need not be able to be open on one directory.
        sink().close();
        TraceSink early = newSink();
        tryToTell(early);
        early.open(context(path()));
        String told = tell(early, newJob(), "job_started");
        early.flush();

        assertThat(recorded(path())).contains(told).endsWith(told);
        early.close();
    }

    @Test
    final void closing_again_does_nothing_and_an_event_after_it_fails_or_is_harmless() throws Exception {
        String told = tell(sink(), newJob(), "job_queued");
        sink().flush();
        sink().close();
        sink().close();
        tryToTell(sink());
        sink().close();

        assertThat(recorded(path())).startsWith(told);
    }

    @Test
    final void one_that_was_never_opened_can_be_closed() {
        TraceSink closed = newSink();
        closed.close();
        closed.close();
    }

    /** An exception is an answer; an Error is not, and ends the test. */
    private void tryToTell(TraceSink whom) {
        try {
            whom.emit(event(newJob(), "job_queued").build());
        } catch (Exception e) {
            assertThat(e).isNotInstanceOf(InterruptedException.class);
        }
    }
}
