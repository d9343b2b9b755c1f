package dev.tau.jobs.cli.mcp;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/**
 * What becomes of a client's answer. One to a question that nobody asks any more, as it came late, is taken in silence; to the SDK it is a
 * fault of the server.
 */
final class AnswerResponse extends HttpServletResponseWrapper {

    AnswerResponse(HttpServletResponse response) {
        super(response);
    }

    @Override
    public void setStatus(int status) {
        super.setStatus(status == SC_INTERNAL_SERVER_ERROR ? SC_ACCEPTED : status);
    }
}
