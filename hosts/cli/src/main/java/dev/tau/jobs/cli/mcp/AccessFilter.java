package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.http.BearerToken;
import dev.tau.jobs.http.LoopbackNames;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets in who means this machine and shows the token; before anything of the request's body is read. */
final class AccessFilter implements Filter {

    private static final List<String> METHODS = List.of("POST", "GET", "DELETE");

    private final BearerToken token;
    private final String path;
    private final List<String> versions;
    private final Refusals refusals;

    /**
     * A filter before all others.
     *
     * @param path the one path that there is
     * @param versions of the protocol, one of which a request may name
     */
    AccessFilter(BearerToken token, String path, Collection<String> versions, Refusals refusals) {
        this.token = token;
        this.path = path;
        this.versions = List.copyOf(versions);
        this.refusals = refusals;
    }

    @Override
    public void doFilter(ServletRequest anyRequest, ServletResponse anyResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) anyRequest;
        HttpServletResponse response = (HttpServletResponse) anyResponse;
        if (!LoopbackNames.isHost(request.getHeader("Host"))) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "Host must be localhost or a loopback address");
        } else if (!LoopbackNames.isOrigin(request.getHeader("Origin"))) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "Origin must be localhost or a loopback address");
        } else if (!token.isShownBy(request.getHeader("Authorization"))) {
            boolean shown = request.getHeader("Authorization") != null;
            response.setHeader(
                    "WWW-Authenticate", "Bearer realm=\"tau-jobs\"" + (shown ? ", error=\"invalid_token\"" : ""));
            refuse(
                    response,
                    HttpServletResponse.SC_UNAUTHORIZED,
                    shown ? "the bearer token is not the server's" : "a bearer token is required");
        } else if (!request.getRequestURI().equals(path)) {
            refuse(response, HttpServletResponse.SC_NOT_FOUND, "there is nothing here but " + path);
        } else if (!METHODS.contains(request.getMethod())) {
            // The servlet's own TRACE would send the token back.
            response.setHeader("Allow", String.join(", ", METHODS));
            refuse(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "the method must be one of " + METHODS);
        } else if (!isSpoken(request.getHeader(HttpHeaders.PROTOCOL_VERSION))) {
            refuse(
                    response,
                    HttpServletResponse.SC_BAD_REQUEST,
                    HttpHeaders.PROTOCOL_VERSION + " must be one of " + versions);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** As the specification wants it from 2025-06-18 on; who names none speaks an older one. */
    private boolean isSpoken(@Nullable String version) {
        return version == null || versions.contains(version);
    }

    private void refuse(HttpServletResponse response, int status, String reason) throws IOException {
        refusals.send(response, status, ErrorCodes.INVALID_REQUEST, null, "Refused: " + reason);
    }
}
