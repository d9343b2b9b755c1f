package dev.tau.jobs.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty on the loopback address, and nowhere else. */
public final class LoopbackServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Server jetty;
    private final ServerConnector connector;

    private LoopbackServer(int port, String name, Duration idle, int maxThreads) {
        QueuedThreadPool threads = new QueuedThreadPool(maxThreads);
        threads.setName(name);
        threads.setDaemon(true);
        // Who closes it has waited as long as he wanted: what still runs is interrupted soon.
        threads.setStopTimeout(Duration.ofMillis(500).toMillis());
        this.jetty = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        this.connector = new ServerConnector(jetty, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(HOST);
        connector.setPort(port);
        connector.setIdleTimeout(idle.toMillis());
        jetty.addConnector(connector);
    }

    /**
     * Takes a port; nothing is answered before {@link #start}.
     *
     * @param port the port, 0 for any free one
     * @param name what its threads are called
     * @param idle a connection over which nothing has come or gone for so long is ended
     * @param maxThreads of which each answer that is not finished keeps one, and Jetty itself a few; those that are not in use are not there
     * @return the server
     * @throws IOException if the port can't be had, with the system's reason as its message
     */
    public static LoopbackServer bind(int port, String name, Duration idle, int maxThreads) throws IOException {
        LoopbackServer server = new LoopbackServer(port, name, idle, maxThreads);
        try {
            server.connector.open();
        } catch (IOException e) {
            // Jetty's own message is about its address; the cause's is the system's.
            throw e.getCause() instanceof IOException cause ? cause : e;
        }
        return server;
    }

    /**
     * Where clients find a path of it.
     *
     * @param path the path, which begins with a slash
     * @return its address
     */
    public URI uri(String path) {
        return URI.create("http://" + HOST + ":" + connector.getLocalPort() + path);
    }

    /**
     * Answers requests from now on, on threads of its own.
     *
     * @param handler what answers
     * @throws IOException if the server does not start
     */
    public void start(Handler handler) throws IOException {
        jetty.setHandler(handler);
        try {
            jetty.start();
        } catch (Exception e) {
            throw new IOException("the HTTP server did not start: " + e.getMessage(), e);
        }
    }

    /** Ends all connections and gives the port back. */
    @Override
    public void close() {
        try {
            jetty.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server did not end: " + e.getMessage(), e);
        }
    }
}
