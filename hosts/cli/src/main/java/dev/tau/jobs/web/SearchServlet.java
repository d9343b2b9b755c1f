package dev.tau.jobs.web;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.OutputPart;
import dev.tau.jobs.statedir.StateDirReader;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * Looks for a text, {@code q}, in an output, upper and lower case alike, from the {@code skip}th character of the part on that begins at
 * {@code offset}. Answers where a part begins in which the text begins, {@code found}, and the how manieth of its characters that is,
 * {@code at}; else {@code at_end}, or where to go on, {@code next_offset}: a long output takes several questions.
 */
final class SearchServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final int MOST_LETTERS = 1000;
    /** So that an answer takes some tenths of a second. */
    private static final long MOST_BYTES = 16L << 20;

    SearchServlet(JobsFeed feed) {
        super(feed);
    }

    @Override
    Map<String, ?> answer(HttpServletRequest request, StateDirReader reader, JobRecord job) throws IOException {
        boolean stderr = isStderr(request);
        long offset = number(request, "offset", 0, Long.MAX_VALUE);
        int skip = (int) number(request, "skip", 0, Integer.MAX_VALUE);
        String wanted = text(request, "q").toLowerCase(Locale.ROOT);
        if (wanted.isEmpty() || wanted.length() > MOST_LETTERS) {
            throw new IllegalArgumentException("q must have 1 to " + MOST_LETTERS + " characters");
        }
        // It may begin in one part and end in the next.
        String before = "";
        long beforeOffset = offset;
        int ignored = skip;
        for (long next = offset; next - offset < MOST_BYTES; ) {
            OutputPart part = reader.outputs().read(job, stderr, next, OutputServlet.PART_BYTES);
            long begin = next + part.droppedBytes();
            if (part.nextOffset() == begin) {
                return Map.of("at_end", true);
            }
            if (part.droppedBytes() > 0) {
                before = "";
                ignored = 0;
            }
            String text = part.text().toLowerCase(Locale.ROOT);
            int cut = Math.max(0, before.length() - wanted.length() + 1);
            int at = (before.substring(cut) + text).indexOf(wanted, Math.max(0, ignored - cut)) + cut;
            if (at >= cut) {
                boolean spans = at < before.length();
                return Map.of("found", spans ? beforeOffset : begin, "at", spans ? at : at - before.length());
            }
            ignored = before.isEmpty() ? ignored : 0;
            next = part.nextOffset();
            before = text;
            beforeOffset = begin;
        }
        return Map.of("next_offset", beforeOffset);
    }
}
