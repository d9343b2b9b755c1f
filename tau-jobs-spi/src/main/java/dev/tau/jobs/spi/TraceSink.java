package dev.tau.jobs.spi;

/**
 * Somebody who is told of every transition of every job. Implementations have a public no-argument constructor and are
 * named in {@code META-INF/services/dev.tau.jobs.spi.TraceSink}.
 *
 * <p>A sink never fails a job: whatever it throws is recorded as one {@code trace_error} event of the job. It is called
 * from one thread at a time, with the events of one job in their order. A call, {@link #open} too, that takes longer than
 * 5 s is interrupted, and the sink is given up: it gets nothing more until the runtime is opened again, and each event that it would
 * have got is a {@code trace_error}. While 10,000 events wait for slow sinks, further ones are dropped, for all sinks.
 */
public interface TraceSink extends AutoCloseable {

    /** {@return a short name for messages} */
    String name();

    /**
     * Prepares the sink. Called once, before the first event.
     *
     * @param context what the tools were opened with
     * @throws Exception if the sink can't be used; it gets no events then, and each that it would have got is a {@code trace_error}
     */
    void open(ToolContext context) throws Exception;

    /**
     * Whether there is anything to do for it. Asked once, after {@link #open}: one for which there is not is told of nothing, which
     * saves the host two wake-ups of threads for each transition. What it throws is as if {@link #open} had thrown it.
     *
     * @return false for instance if the library that it would tell is not on the class path
     */
    default boolean isEnabled() {
        return true;
    }

    /**
     * Records one transition.
     *
     * @param event what happened; its target says which channel and session it is for
     * @throws Exception if the event could not be recorded
     */
    void emit(TraceEvent event) throws Exception;

    /**
     * Makes sure that what was recorded has left this process. Called before {@link #close}.
     *
     * @throws Exception if that could not be done
     */
    default void flush() throws Exception {}

    /** Releases what {@link #open} took. Calling it again does nothing. */
    @Override
    void close();
}
