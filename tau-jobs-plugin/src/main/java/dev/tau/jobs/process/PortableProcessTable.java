package dev.tau.jobs.process;

import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.ProcessIdentity;
import java.util.List;
import java.util.Optional;

/** {@link ProcessTable} by ProcessHandle: knows parents, but neither groups nor sessions nor environments. */
final class PortableProcessTable implements ProcessTable {

    @Override
    public List<Entry> snapshot() {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(handle -> new Entry(
                        handle.pid(), handle.parent().map(ProcessHandle::pid).orElse(0L), 0, 0, start(handle)))
                .toList();
    }

    @Override
    public ProcessIdentity identify(long pid) {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        return new ProcessIdentity(pid, handle.map(PortableProcessTable::start).orElse(""));
    }

    private static String start(ProcessHandle handle) {
        return handle.info().startInstant().map(Object::toString).orElse("");
    }

    @Override
    public Optional<JobId> jobOf(long pid, String stateDir) {
        return Optional.empty();
    }
}
