package dev.tau.jobs.web;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.job.OutputPart;
import dev.tau.jobs.statedir.StateDirReader;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Looks for a text, {@code q}, in an output from {@code offset} on, upper and lower case alike. Answers where a part begins that has
 * it, {@code found}, and where to go on, {@code next_offset}; a long output takes several questions.
 */
final class SearchServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final int MOST_LETTERS = 1000;
    /** So that an answer takes some tenths of a second at the most. */
    private static final long MOST_BYTES = 16L << 20;

    SearchServlet(List<StateDirReader> readers) {
        super(readers);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        respond(request, response);
    }

    @Override
    Map<String, ?> answer(HttpServletRequest request, StateDirReader reader, JobRecord job) throws IOException {
        boolean stderr = isStderr(request);
        long offset = number(request, "offset", 0, Long.MAX_VALUE);
        String wanted = text(request, "q").toLowerCase(Locale.ROOT);
        if (wanted.isEmpty() || wanted.length() > MOST_LETTERS) {
            throw new IllegalArgumentException("q must have 1 to " + MOST_LETTERS + " characters");
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        String before = "";
        long beforeOffset = offset;
        for (long next = offset; next - offset < MOST_BYTES; ) {
            OutputPart part = reader.output(job, stderr, next, OutputServlet.PART_BYTES);
            long begin = next + part.droppedBytes();
            if (part.nextOffset() == begin) {
                answer.put("next_offset", begin);
                answer.put("at_end", true);
                return answer;
            }
            // It may begin in one part and end in the next.
            String end = part.droppedBytes() > 0 ? "" : before;
            String text = end + part.text().toLowerCase(Locale.ROOT);
            int at = text.indexOf(wanted);
            next = part.nextOffset();
            answer.put("next_offset", next);
            if (at >= 0) {
                answer.put("found", at < end.length() ? beforeOffset : begin);
                return answer;
            }
            before = text.substring(Math.max(0, text.length() - wanted.length() + 1));
            beforeOffset = begin;
        }
        return answer;
    }
}
