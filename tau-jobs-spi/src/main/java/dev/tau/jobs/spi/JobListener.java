package dev.tau.jobs.spi;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Somebody who is told of the end of each job, so that an agent goes on when one has ended and need not ask. Given to
 * {@link ToolContext.Builder#jobListener}, or named in {@code META-INF/services/dev.tau.jobs.spi.JobListener} with a public
 * no-argument constructor.
 *
 * <p>It hears of each end once, also of those that came while its host was away or another process owned the state directory:
 * then when this one opens the directory, or takes it over. The exception is a host that is killed while it listens: what it
 * has heard in the last moments, up to 0.2 s and what it was hearing then, it hears again. An end whose job has been removed as
 * an old one it hears no more. What ended before a listener of that name was there for the first time it does
 * not hear of.
 *
 * <p>While another process owns the state directory, it hears of the jobs that its own host has created, or has asked
 * for one by one before they ended.
 *
 * <p>If it is more than 1,000 ends behind, and the job has been removed meanwhile, command, arguments, paths and target of the event
 * are empty, and its creation time is that of the end.
 *
 * <p>It is called on a thread of its own, with one end after the other. Whatever it throws is logged, and the end counts as
 * heard, except an {@link InterruptedException}: that says that it was not, and the next start tells it, unless a thousand
 * later ones were heard meanwhile. A listener that is still busy 2 s after its host began to close is interrupted. Of more than 100,000
 * ends that wait for a listener it does not hear of the oldest.
 */
public interface JobListener {

    /**
     * {@return what this listener is called: not blank, unlike every other listener's of the host, and the same at each start, as it
     * stands for what was heard already; one without such a name is left out, with a warning in the log}
     */
    String name();

    /**
     * A job has ended.
     *
     * @param end how: its event is succeeded, failed or cancelled
     * @throws InterruptedException if it has not heard of it, and is to be told at the next start
     * @throws Exception logged
     */
    void jobEnded(TraceEvent end) throws Exception;

    /**
     * A listener of a name.
     *
     * @param name what it is called, the same at each start of the host
     * @param action what it does at the end of a job
     * @return the listener
     */
    static JobListener of(String name, Consumer<TraceEvent> action) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(action, "action");
        return new JobListener() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void jobEnded(TraceEvent end) {
                action.accept(end);
            }
        };
    }
}
