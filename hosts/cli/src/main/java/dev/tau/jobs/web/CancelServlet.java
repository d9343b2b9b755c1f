package dev.tau.jobs.web;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.statedir.OwnerRequests;
import dev.tau.jobs.statedir.StateDirReader;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Asks the agent that owns the state dir to end a job; where there is none now, the request waits for the next. */
final class CancelServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    CancelServlet(JobsFeed feed) {
        super(feed);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        respond(request, response);
    }

    @Override
    Map<String, ?> answer(HttpServletRequest request, StateDirReader reader, JobRecord job)
            throws IOException, InterruptedException {
        boolean taken = reader.requests()
                .cancel(job.id().value(), PATIENCE)
                .map(OwnerRequests.Answer::taken)
                .orElse(true);
        return Map.of("taken", taken);
    }
}
