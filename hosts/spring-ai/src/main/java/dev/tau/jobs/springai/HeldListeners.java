package dev.tau.jobs.springai;

import dev.tau.jobs.spi.JobListener;
import dev.tau.jobs.spi.TraceEvent;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Lets the ends of jobs wait until the application has started. The tools are open before, and tell at once of what ended while the
 * application was down; but what a listener does with it, such as publishing an event, may need beans that are not there yet.
 */
final class HeldListeners implements ApplicationListener<ContextRefreshedEvent> {
    private final CountDownLatch started = new CountDownLatch(1);

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        started.countDown();
    }

    /** The same listener, which hears of nothing before the start. Each has a thread of its own, which may wait. */
    JobListener hold(JobListener listener) {
        return new JobListener() {
            @Override
            public String name() {
                return listener.name();
            }

            @Override
            public void jobEnded(TraceEvent end) throws Exception {
                started.await();
                listener.jobEnded(end);
            }
        };
    }
}
