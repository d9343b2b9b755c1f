package dev.tau.jobs.web;

import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.statedir.LoggedEvent;
import dev.tau.jobs.statedir.StateDirReader;
import dev.tau.jobs.view.JobView;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A job as in jobs_status, without the values of its environment, and its events as far back as they are kept, unless {@code events} is {@code no}. */
final class JobServlet extends ApiServlet {
    private static final long serialVersionUID = 1L;

    JobServlet(JobsFeed feed) {
        super(feed);
    }

    @Override
    Map<String, ?> answer(HttpServletRequest request, StateDirReader reader, JobRecord job) throws IOException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "job",
                JobView.withOutputs(
                        job, reader.outputs().files(job), reader.outputs().sizes(job)));
        if (!"no".equals(request.getParameter("events"))) {
            answer.put(
                    "events",
                    reader.events(job.id()).stream().map(LoggedEvent::members).toList());
        }
        return answer;
    }
}
