package dev.tau.jobs.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tau.jobs.job.JobId;
import dev.tau.jobs.job.JobRecord;
import dev.tau.jobs.view.HealthView;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Server-sent events: all jobs, then what changes. Each client has a thread that writes to it: a slow one is told more seldom and of
 * more at once, and no other waits for it.
 */
final class LiveServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int MOST_CLIENTS = 100;
    /** So that the page can begin to draw, and no client has to hold more than some hundred kilobytes at once. */
    private static final int JOBS_A_MESSAGE = 2000;
    /** Whoever has gone away is noticed by writing to it. */
    static final Duration SAY_SOMETHING_EVERY = Duration.ofSeconds(10);

    private final transient ObjectMapper mapper = new ObjectMapper();
    private final transient Semaphore clients = new Semaphore(MOST_CLIENTS);
    private final transient JobsFeed feed;

    LiveServlet(JobsFeed feed) {
        this.feed = feed;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!clients.tryAcquire()) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        try {
            response.setContentType("text/event-stream");
            response.setCharacterEncoding("utf-8");
            tell(response.getOutputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            clients.release();
        }
    }

    /** Else a GET would be served of which nothing is written, and so its end never be noticed. */
    @Override
    protected void doHead(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    }

    private void tell(OutputStream client) throws IOException, InterruptedException {
        long seen = 0;
        while (true) {
            JobsFeed.News news = feed.after(seen, SAY_SOMETHING_EVERY);
            for (JobsFeed.Change change : news.changes()) {
                tell(client, change);
            }
            // Also where nothing has changed: the page can't see a comment, and would not know that we are there.
            client.write("event: now\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8));
            client.flush();
            seen = news.version();
        }
    }

    private void tell(OutputStream client, JobsFeed.Change change) throws IOException {
        List<JobRecord> jobs = change.jobs();
        int from = 0;
        do {
            int to = Math.min(jobs.size(), from + JOBS_A_MESSAGE);
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("dir", change.dir());
            if (from == 0) {
                putHead(message, change);
            }
            message.put("jobs", jobs.subList(from, to).stream().map(JobRow::of).toList());
            client.write("event: jobs\ndata: ".getBytes(StandardCharsets.UTF_8));
            client.write(mapper.writeValueAsBytes(message));
            client.write("\n\n".getBytes(StandardCharsets.UTF_8));
            from = to;
        } while (from < jobs.size());
    }

    private void putHead(Map<String, Object> message, JobsFeed.Change change) {
        message.put("all", change.all());
        message.put("path", feed.nameOf(change.dir()));
        JobsFeed.Head head = change.head();
        message.put("owned", head.owner().isPresent());
        message.put("owner_stopped", head.stopped());
        head.owner().ifPresent(owner -> owner.pid().ifPresent(pid -> message.put("owner_pid", pid)));
        head.counters().ifPresent(counters -> message.put("counters", HealthView.of(counters)));
        Map<String, Long> removed = new LinkedHashMap<>();
        head.removed().forEach((status, count) -> removed.put(status.wireName(), count));
        message.put("removed", removed);
        message.put("unreadable", head.unreadable());
        head.scarceRoom().ifPresent(room -> message.put("disk_available_bytes", room.bytes()));
        message.put("problem", head.problem());
        message.put("gone", change.gone().stream().map(JobId::value).toList());
    }
}
