package dev.tau.jobs.runtime;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.store.JobIndex;
import dev.tau.jobs.store.JobStore;
import dev.tau.jobs.store.RequestBox.Cancel;
import dev.tau.jobs.store.RequestBox.Create;
import dev.tau.jobs.store.RequestBox.Request;
import java.io.IOException;

/** Does what other runtimes ask of the one that owns the state dir. */
final class GuestRequests implements RequestIntake.Handler {
    private final JobStore store;
    private final JobIndex index;
    private final JobCreation creation;
    private final JobCancellation cancellation;
    private final RuntimeHealth health;

    GuestRequests(
            JobStore store, JobIndex index, JobCreation creation, JobCancellation cancellation, RuntimeHealth health) {
        this.store = store;
        this.index = index;
        this.creation = creation;
        this.cancellation = cancellation;
        this.health = health;
    }

    @Override
    public void handle(Request request) throws IOException {
        if (request instanceof Create create) {
            JobId id = create.job().id();
            creation.take(create.job(), store.requests().isCancelPending(id));
            // The guest must not find neither request nor manifest.
            store.publish(id);
        } else if (request instanceof Cancel cancel) {
            if (!index.contains(cancel.id()) && store.requests().isCreatePending(cancel.id())) {
                throw new IOException("the job to cancel could not be taken yet: " + cancel.id());
            }
            var unused = cancellation.cancel(cancel.id());
        }
    }

    @Override
    public void problem(String line) {
        health.note(line);
    }
}
