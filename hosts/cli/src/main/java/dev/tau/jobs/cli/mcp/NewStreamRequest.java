package dev.tau.jobs.cli.mcp;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/** A request for a listening stream that goes on nowhere: for one that does, the SDK replays nothing, and opens no stream. */
final class NewStreamRequest extends HttpServletRequestWrapper {

    NewStreamRequest(HttpServletRequest request) {
        super(request);
    }

    @Override
    public @Nullable String getHeader(String name) {
        return name.equalsIgnoreCase("Last-Event-ID") ? null : super.getHeader(name);
    }
}
