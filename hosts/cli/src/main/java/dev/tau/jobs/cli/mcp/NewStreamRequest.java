package dev.tau.jobs.cli.mcp;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

/** A request for a listening stream that goes on nowhere: what a client has missed is ours to tell, as the SDK keeps nothing to replay. */
final class NewStreamRequest extends HttpServletRequestWrapper {

    NewStreamRequest(HttpServletRequest request) {
        super(request);
    }

    @Override
    public @Nullable String getHeader(String name) {
        return name.equalsIgnoreCase("Last-Event-ID") ? null : super.getHeader(name);
    }
}
