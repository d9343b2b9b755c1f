package dev.tau.jobs.web;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.OutputPart;
import dev.tau.jobs.statedir.StateDirReader;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;

/**
 * A part of an output, from {@code offset} on, {@code most} bytes at the most; from -1 on means the last part. Who goes on with {@code next_offset} reads
 * nothing twice and misses nothing that is still there.
 */
final class OutputServlet extends ApiServlet {
    static final int PART_BYTES = 1 << 16;

    /** What a search has found ends in the next part at the latest. */
    private static final int MOST_BYTES = 2 * PART_BYTES;

    private static final long serialVersionUID = 1L;

    OutputServlet(JobsFeed feed) {
        super(feed);
    }

    @Override
    Map<String, ?> answer(HttpServletRequest request, StateDirReader reader, JobRecord job) throws IOException {
        boolean stderr = isStderr(request);
        long asked = number(request, "offset", -1, Long.MAX_VALUE);
        long offset = asked < 0 ? Math.max(0, bytes(reader, job, stderr) - PART_BYTES) : asked;
        int most = (int) number(request, "most", 1, MOST_BYTES);
        OutputPart part = reader.outputs().read(job, stderr, offset, most);
        return Map.of(
                "offset", offset + part.droppedBytes(),
                "text", part.text(),
                "next_offset", part.nextOffset(),
                // Measured after it was read, or a job that writes meanwhile would seem to have been begun anew.
                "bytes", bytes(reader, job, stderr),
                "ended", job.status().isTerminal());
    }

    private static long bytes(StateDirReader reader, JobRecord job, boolean stderr) {
        return reader.outputs().sizes(job).of(stderr).bytes();
    }
}
