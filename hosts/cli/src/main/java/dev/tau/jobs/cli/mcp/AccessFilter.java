package dev.tau.jobs.cli.mcp;

import dev.tau.jobs.http.BearerToken;
import dev.tau.jobs.http.LoopbackNames;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Lets in who means this machine and shows the token; before anything of the request's body is read. */
final class AccessFilter implements Filter {

    private final BearerToken token;
    private final String path;
    private final Refusals refusals;

    AccessFilter(BearerToken token, String path, Refusals refusals) {
        this.token = token;
        this.path = path;
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
        } else {
            chain.doFilter(request, response);
        }
    }

    private void refuse(HttpServletResponse response, int status, String reason) throws IOException {
        refusals.send(response, status, ErrorCodes.INVALID_REQUEST, null, "Refused: " + reason);
    }
}
