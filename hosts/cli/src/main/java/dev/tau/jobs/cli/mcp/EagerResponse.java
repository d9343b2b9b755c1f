package dev.tau.jobs.cli.mcp;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * A response whose head is sent when its body may begin. The SDK would keep that of a listening stream back until the first
 * event, which may be hours away, and clients give up on a server that says nothing for minutes.
 */
final class EagerResponse extends HttpServletResponseWrapper {

    EagerResponse(HttpServletResponse response) {
        super(response);
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter writer = super.getWriter();
        // Now, as nobody else can write yet: the SDK makes the stream known after it got its writer.
        flushBuffer();
        return writer;
    }
}
