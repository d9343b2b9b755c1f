package dev.tau.jobs.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tau.jobs.job.JobEvent;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.Snapshot;
import dev.tau.jobs.store.JobStore;
import dev.tau.jobs.store.JobStore.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The part of {@link JobStoreContract} that jqwik makes up. */
abstract class JobStoreProperties {
    protected abstract JobStore open(Path directory) throws IOException;

    protected abstract List<JobEvent> events(Path directory) throws Exception;

    /**
     * What is saved is found, whatever it is.
     *
     * @param job any job
     * @throws Exception if it can't be saved
     */
    @Property
    final void a_saved_job_is_found_as_it_was(@ForAll("anyJob") JobRecord job) throws Exception {
        try (TemporaryDirectory own = TemporaryDirectory.create()) {
            try (JobStore first = open(own.path())) {
                first.load();
                first.save(job);
            }
            try (JobStore second = open(own.path())) {
                Found found = second.load();
                assertThat(found.jobs()).containsExactly(job);
                assertThat(found.jobs().get(0).spec().env().keySet())
                        .as("variables in their order")
                        .containsExactlyElementsOf(job.spec().env().keySet());
            }
        }
    }

    @Provide
    final Arbitrary<JobRecord> anyJob() {
        return JobRecordArbitraries.jobs(JobRecordArbitraries.ids());
    }

    /**
     * The last snapshot is found.
     *
     * @param snapshots any
     * @throws Exception if one can't be saved
     */
    @Property
    final void the_last_snapshot_is_found_as_it_was(@ForAll("anySnapshots") List<Snapshot> snapshots) throws Exception {
        try (TemporaryDirectory own = TemporaryDirectory.create()) {
            try (JobStore first = open(own.path())) {
                first.load();
                for (Snapshot snapshot : snapshots) {
                    first.saveSnapshot(snapshot);
                }
            }
            try (JobStore second = open(own.path())) {
                assertThat(second.load().snapshot()).isEqualTo(snapshots.get(snapshots.size() - 1));
            }
        }
    }

    @Provide
    final Arbitrary<List<Snapshot>> anySnapshots() {
        return JobRecordArbitraries.snapshots().list().ofMinSize(1).ofMaxSize(3);
    }

    /**
     * Each event is found once, in its order, those too that were told after the store was opened again.
     *
     * @param events any
     * @throws Exception if one can't be told
     */
    @Property
    final void events_are_kept_as_they_were(@ForAll("anyEvents") List<JobEvent> events) throws Exception {
        try (TemporaryDirectory own = TemporaryDirectory.create()) {
            for (List<JobEvent> half :
                    List.of(events.subList(0, events.size() / 2), events.subList(events.size() / 2, events.size()))) {
                try (JobStore opened = open(own.path())) {
                    opened.load();
                    for (JobEvent event : half) {
                        opened.append(event);
                    }
                }
            }
            assertThat(events(own.path())).containsExactlyElementsOf(events);
        }
    }

    @Provide
    final Arbitrary<List<JobEvent>> anyEvents() {
        return JobRecordArbitraries.events().list().ofMaxSize(8);
    }

    /**
     * No id leads out of the store, or to another job's output.
     *
     * @param ids any
     * @throws Exception if no store can be opened
     */
    @Property
    final void outputs_lie_below_the_directory_and_differ(@ForAll("anyIds") Set<JobId> ids) throws Exception {
        try (TemporaryDirectory own = TemporaryDirectory.create();
                JobStore opened = open(own.path())) {
            List<Path> outputs = ids.stream()
                    .flatMap(id -> Stream.of(opened.stdout(id), opened.stderr(id)))
                    .toList();
            assertThat(outputs).doesNotHaveDuplicates().allSatisfy(output -> {
                assertThat(output).isAbsolute().isEqualTo(output.normalize());
                assertThat(output.startsWith(opened.directory()) && !output.equals(opened.directory()))
                        .as("%s below %s", output, opened.directory())
                        .isTrue();
            });
        }
    }

    @Provide
    final Arbitrary<Set<JobId>> anyIds() {
        return JobRecordArbitraries.ids().set().ofMaxSize(10);
    }

    /**
     * A store holds what a map would.
     *
     * @param steps what is asked of both
     * @throws Exception if the store does not take it
     */
    @Property
    final void it_is_like_a_map(@ForAll("steps") List<JobStoreModel.Step> steps) throws Exception {
        try (TemporaryDirectory own = TemporaryDirectory.create()) {
            JobStoreModel.run(steps, () -> open(own.path()));
        }
    }

    @Provide
    final Arbitrary<List<JobStoreModel.Step>> steps() {
        return JobStoreModel.steps();
    }
}
