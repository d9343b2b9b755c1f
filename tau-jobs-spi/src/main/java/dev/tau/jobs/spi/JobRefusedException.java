package dev.tau.jobs.spi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A {@link JobGate} does not let a job pass. */
public final class JobRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    // An exception that is written away has a message, and no answer.
    private final transient @Nullable ToolResult answer;

    /**
     * A refusal.
     *
     * @param reason one sentence for the model, which it gets as a {@code jobs_runtime_error} with the gate's name
     */
    public JobRefusedException(String reason) {
        super(Objects.requireNonNull(reason, "reason"));
        this.answer = null;
    }

    /**
     * A refusal with an answer of one's own, to ask for somebody's approval, say.
     *
     * @param answer what the model gets; an error
     * @throws IllegalArgumentException if it is no error: the model would take the job for queued
     */
    public JobRefusedException(ToolResult answer) {
        super(answer.reasonCode());
        if (!answer.isError()) {
            throw new IllegalArgumentException("the answer must be an error");
        }
        this.answer = answer;
    }

    /** {@return what the model gets; null if only a reason was given} */
    public @Nullable ToolResult answer() {
        return answer;
    }
}
