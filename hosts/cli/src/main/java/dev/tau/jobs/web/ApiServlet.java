package dev.tau.jobs.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.view.Failures;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is asked about one job, named by the parameters {@code dir}, a number, and {@code id}. Answers one JSON object. */
abstract class ApiServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient ObjectMapper mapper = new ObjectMapper();
    private final transient JobsFeed feed;

    ApiServlet(JobsFeed feed) {
        this.feed = feed;
    }

    /** Answers about a job that there is. */
    abstract Map<String, ?> answer(HttpServletRequest request, StateDirReader reader, JobRecord job)
            throws IOException, InterruptedException;

    /** What changes something is asked for in another way. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        respond(request, response);
    }

    /** Finds the job and answers about it, or says why not. */
    final void respond(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            int dir = (int) number(request, "dir", 0, feed.size() - 1L);
            JobId id = JobId.parse(text(request, "id"))
                    .orElseThrow(() -> new IllegalArgumentException("id must be the id of a job"));
            Optional<JobRecord> job = feed.find(dir, id);
            if (job.isEmpty()) {
                send(response, HttpServletResponse.SC_NOT_FOUND, Map.of("error", "there is no job " + id));
            } else {
                send(response, HttpServletResponse.SC_OK, answer(request, feed.reader(dir), job.get()));
            }
        } catch (IllegalArgumentException e) {
            send(response, HttpServletResponse.SC_BAD_REQUEST, Map.of("error", Failures.describe(e)));
        } catch (IOException e) {
            send(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, Map.of("error", Failures.describe(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            send(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, Map.of("error", "the server ends"));
        }
    }

    static String text(HttpServletRequest request, String name) {
        @Nullable String value = request.getParameter(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    static long number(HttpServletRequest request, String name, long least, long most) {
        String value = text(request, name);
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both: not a number, and not in the range.
        }
        throw new IllegalArgumentException(name + " must be a number from " + least + " to " + most);
    }

    /** Which output is asked for: whether it is standard error. */
    static boolean isStderr(HttpServletRequest request) {
        return switch (text(request, "stream")) {
            case "stdout" -> false;
            case "stderr" -> true;
            default -> throw new IllegalArgumentException("stream must be stdout or stderr");
        };
    }

    private void send(HttpServletResponse response, int status, Map<String, ?> value) throws IOException {
        byte[] body = mapper.writeValueAsBytes(value);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
