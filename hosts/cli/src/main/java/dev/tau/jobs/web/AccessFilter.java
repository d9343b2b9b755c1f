package dev.tau.jobs.web;

import dev.tau.jobs.http.BearerToken;
import dev.tau.jobs.http.LoopbackNames;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who shows the token, as the first part of the path or in a header, and is neither another page nor one under another name
 * (DNS rebinding). All others are told nothing, not even that there is something. What is answered may do nothing but what the page
 * needs, and nobody is to keep it.
 */
final class AccessFilter implements Filter {
    private static final String POLICY = String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types lit-html");

    private final BearerToken token;

    AccessFilter(BearerToken token) {
        this.token = token;
    }

    @Override
    public void doFilter(ServletRequest anyRequest, ServletResponse anyResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) anyRequest;
        HttpServletResponse response = (HttpServletResponse) anyResponse;
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
        if (isAllowed(request)) {
            chain.doFilter(request, response);
        } else {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    private boolean isAllowed(HttpServletRequest request) {
        @Nullable String host = request.getHeader("Host");
        @Nullable String origin = request.getHeader("Origin");
        @Nullable String site = request.getHeader("Sec-Fetch-Site");
        return LoopbackNames.isHost(host)
                && (origin == null || origin.equals("http://" + host))
                // Of what a browser sends by itself; "none" is a person who has typed or chosen the address.
                && (site == null || Set.of("same-origin", "none").contains(site))
                && (token.is(firstPart(request.getRequestURI()))
                        || token.isShownBy(request.getHeader("Authorization")));
    }

    private static String firstPart(String path) {
        int end = path.indexOf('/', 1);
        return end < 0 ? "" : path.substring(1, end);
    }
}
