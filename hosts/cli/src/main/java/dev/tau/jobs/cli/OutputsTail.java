package dev.tau.jobs.cli;

import dev.tau.jobs.statedir.StateDirReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code logs} shows of a job: one of its outputs as it is, or lines in another form, of both behind their names. For one thread. */
final class OutputsTail implements AutoCloseable {
    /** However fast one of them grows, the other has its turn. */
    private static final long TURN_BYTES = 1 << 20;

    private record Part(String stream, FileTail tail, OutputStream target) {}

    private final List<Part> parts = new ArrayList<>();
    /** Whether lines are shown, not bytes as they come. */
    private final boolean byLine;

    /** A tail of these outputs of a job, from their beginning. */
    OutputsTail(List<String> streams, boolean json, Map<String, Object> job, OutputStream out) {
        byLine = json || streams.size() > 1;
        for (String stream : streams) {
            Path file = Path.of(Jobs.text(job, stream + "_path"));
            OutputLines.Form form = json ? OutputLines.json(stream) : OutputLines.labelled(stream + " | ");
            OutputStream target = byLine ? new OutputLines(form, out) : out;
            parts.add(new Part(stream, new FileTail(file, target), target));
        }
    }

    /** Whether there is more than one now of which there is something to show: nobody knows which line was first. */
    boolean haveNoOrder() throws IOException {
        int some = 0;
        for (Part part : parts) {
            some += part.tail().hasNews() ? 1 : 0;
        }
        return some > 1;
    }

    /** Shows what is new; up to so many bytes nothing was dropped. */
    void copy(long wholeUpTo) throws IOException {
        for (Part part : parts) {
            part.tail().wholeUpTo(wholeUpTo);
            part.tail().copy(parts.size() > 1 ? TURN_BYTES : Long.MAX_VALUE);
        }
    }

    /** Shows what is left of a job that has ended, or of one as it is now; empty if it has been removed. */
    void copyLast(StateDirReader reader, Optional<Map<String, Object>> job) throws IOException {
        boolean over = job.isPresent() && reader.isCounted(Jobs.text(job.get(), "job_id"));
        for (Part part : parts) {
            part.tail().wholeUpTo(job.isPresent() ? reader.outputs().wholeUpTo(job.get()) : 0);
            if (over) {
                part.tail().end(Jobs.isTrue(job.get(), part.stream() + "_truncated"));
            }
            part.tail().copy();
            if (byLine) {
                part.target().close();
            }
        }
    }

    /** What is not shown as it was not kept, by the names of the outputs; at least so many bytes of each. */
    Map<String, Long> dropped() {
        Map<String, Long> bytes = new LinkedHashMap<>();
        parts.stream()
                .filter(part -> part.tail().dropped() > 0)
                .forEach(part -> bytes.put(part.stream(), part.tail().dropped()));
        return bytes;
    }

    @Override
    public void close() throws IOException {
        for (Part part : parts) {
            part.tail().close();
        }
    }
}
