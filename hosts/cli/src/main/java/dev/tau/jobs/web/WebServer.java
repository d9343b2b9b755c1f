package dev.tau.jobs.web;

import dev.tau.jobs.http.BearerToken;
import dev.tau.jobs.http.LoopbackServer;
import dev.tau.jobs.statedir.StateDirReader;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/** Shows state dirs to the browsers of this machine. */
public final class WebServer implements AutoCloseable {
    /** All that the page is made of. */
    private static final List<String> FILES = List.of(
            "app.js",
            "charts.js",
            "format.js",
            "icon.svg",
            "job.js",
            "jobs.js",
            "output.js",
            "style.css",
            "table.js",
            "timeline.js",
            "vendor/lit-html.js",
            "vendor/uPlot.esm.js",
            "vendor/uPlot.min.css");

    /** An idle page is told something more often: who has read nothing for so long is gone, or stuck. */
    private static final Duration IDLE = LiveServlet.SAY_SOMETHING_EVERY.multipliedBy(6);

    /** A page that is open keeps one. */
    private static final int MAX_THREADS = 200;

    private final LoopbackServer jetty;
    private final BearerToken token;
    private final JobsFeed feed;
    private final Metrics metrics;

    private WebServer(LoopbackServer jetty, BearerToken token, JobsFeed feed) {
        this.jetty = jetty;
        this.token = token;
        this.feed = feed;
        this.metrics = new Metrics(feed);
    }

    /**
     * Shows state dirs from now on.
     *
     * @param port the port of the loopback address, 0 for any free one
     * @param token what each request must show; it becomes a part of the address, so it must be made of letters, digits, - and _
     * @param readers the state dirs, at least one
     * @return the server
     * @throws IOException if the port can't be had, or a state dir can't be read
     * @throws InterruptedException if the thread is interrupted
     */
    public static WebServer start(int port, BearerToken token, List<StateDirReader> readers)
            throws IOException, InterruptedException {
        LoopbackServer jetty = LoopbackServer.bind(port, "serve", IDLE, MAX_THREADS);
        try {
            WebServer server = new WebServer(jetty, token, new JobsFeed(readers));
            jetty.start(server.addresses());
            return server;
        } catch (IOException | RuntimeException | InterruptedException e) {
            jetty.close();
            throw e;
        }
    }

    private ServletContextHandler addresses() throws IOException, InterruptedException {
        ServletContextHandler context = new ServletContextHandler();
        context.addFilter(new FilterHolder(new AccessFilter(token)), "/*", EnumSet.of(DispatcherType.REQUEST));
        add(context, "", new PageServlet("index.html"));
        FILES.forEach(file -> add(context, file, new PageServlet(file)));
        add(context, "live", new LiveServlet(feed));
        add(context, "job", new JobServlet(feed));
        add(context, "output", new OutputServlet(feed));
        add(context, "search", new SearchServlet(feed));
        add(context, "cancel", new CancelServlet(feed));
        metrics.begin();
        Servlet told = new MetricsServlet(metrics);
        add(context, "metrics", told);
        // Where a Prometheus looks, which shows the token in a header.
        context.addServlet(new ServletHolder(told), "/metrics");
        return context;
    }

    private void add(ServletContextHandler context, String path, Servlet servlet) {
        context.addServlet(new ServletHolder(servlet), "/" + token.reveal() + "/" + path);
    }

    /** {@return what to give a browser; it holds the token} */
    public URI uri() {
        return jetty.uri("/" + token.reveal() + "/");
    }

    @Override
    public void close() throws IOException {
        jetty.close();
        metrics.close();
        feed.close();
    }
}
