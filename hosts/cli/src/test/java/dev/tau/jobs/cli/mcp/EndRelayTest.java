package dev.tau.jobs.cli.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tau.jobs.spi.TraceEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EndRelayTest {
    private final EndRelay relay = new EndRelay();
    private final List<String> told = new CopyOnWriteArrayList<>();

    private FutureTask<Void> tell(String job) {
        FutureTask<Void> telling = new FutureTask<>(() -> {
            relay.jobEnded(TraceEvent.builder(job, "succeeded", 1_000)
                    .outcome("succeeded", "job_succeeded", "")
                    .build());
            return null;
        });
        Thread thread = new Thread(telling);
        thread.start();
        await().until(() -> thread.getState() == Thread.State.WAITING || telling.isDone());
        return telling;
    }

    @Test
    void an_end_waits_until_somebody_listens() throws Exception {
        FutureTask<Void> early = tell("one");
        assertThat(early).isNotDone();
        relay.to(end -> told.add(end.jobId()));
        early.get();
        tell("two").get();
        assertThat(told).containsExactly("one", "two");
    }

    @Test
    void what_nobody_has_heard_at_the_close_was_not_heard() {
        FutureTask<Void> early = tell("one");
        relay.close();
        assertThatThrownBy(early::get).cause().isInstanceOf(InterruptedException.class);
        assertThatThrownBy(tell("two")::get).cause().isInstanceOf(InterruptedException.class);
    }
}
