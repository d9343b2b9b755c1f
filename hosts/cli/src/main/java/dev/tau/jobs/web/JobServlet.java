package dev.tau.jobs.web;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.statedir.LoggedEvent;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.view.JobView;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;

/** A job as in jobs_status, without the values of its environment, and its events as far back as they are kept. */
final class JobServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    JobServlet(JobsFeed feed) {
        super(feed);
    }

    @Override
    Map<String, ?> answer(HttpServletRequest request, StateDirReader reader, JobRecord job) throws IOException {
        return Map.of(
                "job",
                JobView.withOutputs(
                        job, reader.outputs().files(job), reader.outputs().sizes(job)),
                "events",
                reader.events(job.id()).stream().map(LoggedEvent::members).toList());
    }
}
