package dev.tau.jobs.job;

/** What can happen to a job after it was created: the input of {@link Lifecycle#apply}. */
public sealed interface Happening {

    /** A worker takes it. */
    record Started() implements Happening {}

    /**
     * Its process is there.
     *
     * @param identity the process
     */
    record Spawned(ProcessIdentity identity) implements Happening {}

    /**
     * Its process ended by itself, or by a signal that we did not send.
     *
     * @param exitCode as the operating system reports it, 128 + n for signal n
     */
    record Exited(int exitCode) implements Happening {}

    /**
     * Its process could not be started.
     *
     * @param message why
     */
    record SpawnFailed(String message) implements Happening {}

    /** Its time ran out, and its process tree is gone. */
    record TimedOut() implements Happening {}

    /** Somebody asks for its end. */
    record CancelRequested() implements Happening {}

    /** Its process tree is gone, as somebody asked. */
    record Terminated() implements Happening {}

    /**
     * A new runtime finds it running, and has ended what was left of it.
     *
     * @param maxRecoveries at this many restarts it is given up
     * @param written how much is in its files
     */
    record RuntimeRestarted(int maxRecoveries, OutputSizes written) implements Happening {}

    /**
     * The runtime itself can't go on with it.
     *
     * @param message why
     */
    record RuntimeFailed(String message) implements Happening {}
}
