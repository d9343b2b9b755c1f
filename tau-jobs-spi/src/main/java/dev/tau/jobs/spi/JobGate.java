package dev.tau.jobs.spi;

/**
 * Somebody of the host who has a say in what runs: it sees each job before it is queued, lets it pass or refuses it.
 * Implementations have a public no-argument constructor and are named in {@code META-INF/services/dev.tau.jobs.spi.JobGate}.
 *
 * <p>A gate fails closed: whatever it throws refuses the job, and so does a call that takes longer than 5 s, or waits
 * longer than that for its turn: it is called from one thread at a time. A call that is repeated with the idempotency key of a job that is there already passes no gate.
 */
public interface JobGate extends AutoCloseable {

    /** {@return a short name for messages} */
    String name();

    /**
     * Prepares the gate. Called once, before the first job.
     *
     * @param context what the tools were opened with
     * @throws Exception if the gate can't be used; it refuses every job then, and also if this takes longer than 5 s
     */
    default void open(ToolContext context) throws Exception {}

    /**
     * Lets a job pass by returning.
     *
     * @param job what is to be queued
     * @throws JobRefusedException if it must not be; says why, or brings the answer that the model gets
     * @throws Exception if that could not be decided; the job is refused
     */
    void check(JobProposal job) throws Exception;

    /** Releases what {@link #open} took. Calling it again does nothing. */
    @Override
    default void close() {}
}
