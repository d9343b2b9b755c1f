package dev.tau.jobs.runtime;

/** The runtime takes no such request now; the message says why. */
public final class RejectedJobException extends Exception {
    private static final long serialVersionUID = 1L;

    RejectedJobException(String message) {
        super(message);
    }

    static RejectedJobException closed() {
        return new RejectedJobException("the runtime is closed");
    }

    static RejectedJobException queueFull(int maxQueued) {
        return new RejectedJobException("the queue is full: " + maxQueued + " jobs wait already (--jobs-max-queued)");
    }
}
