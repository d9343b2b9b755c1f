package dev.tau.jobs.cli.mcp;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * What becomes of a client's answer. One to a question that nobody asks any more, as it came late, is taken in silence; to the SDK it is a
 * fault of the server.
 */
final class AnswerResponse extends HttpServletResponseWrapper {
    private boolean silent;

    AnswerResponse(HttpServletResponse response) {
        super(response);
    }

    @Override
    public void setStatus(int status) {
        silent = status == SC_INTERNAL_SERVER_ERROR;
        if (silent && !isCommitted()) {
            reset();
        }
        super.setStatus(silent ? SC_ACCEPTED : status);
    }

    @Override
    public void setContentType(String type) {
        if (!silent) {
            super.setContentType(type);
        }
    }

    @Override
    public void setCharacterEncoding(String encoding) {
        if (!silent) {
            super.setCharacterEncoding(encoding);
        }
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        return silent ? new PrintWriter(Writer.nullWriter()) : super.getWriter();
    }
}
