package dev.tau.jobs.web;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;

/** One file of the page. */
final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final String file;

    /** Of a file among the resources of this package. */
    PageServlet(String file) {
        this.file = file;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(type());
        try (InputStream content = PageServlet.class.getResourceAsStream("page/" + file)) {
            if (content == null) {
                throw new IOException("the jar lacks a file of the page: " + file);
            }
            content.transferTo(response.getOutputStream());
        }
    }

    private String type() {
        return switch (file.substring(file.lastIndexOf('.'))) {
            case ".html" -> "text/html; charset=utf-8";
            case ".css" -> "text/css; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> "text/javascript; charset=utf-8";
        };
    }
}
