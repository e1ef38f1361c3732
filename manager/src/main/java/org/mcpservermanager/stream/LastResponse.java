package org.mcpservermanager.stream;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Says that the connection ends with this response if it begins before the body has come: Grizzly takes what comes with the rest of
 * the body for a part of it, the next request too, whose sender would wait for ever.
 */
final class LastResponse extends HttpServletResponseWrapper {
    private final HttpServletRequest request;

    LastResponse(HttpServletRequest request, HttpServletResponse response) {
        super(response);
        this.request = request;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        sayIfLast();
        return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        sayIfLast();
        return super.getWriter();
    }

    @Override
    public void sendError(int status) throws IOException {
        sayIfLast();
        super.sendError(status);
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        sayIfLast();
        super.sendError(status, message);
    }

    private void sayIfLast() throws IOException {
        if (!isCommitted() && UnreadBodyFilter.isPending(request)) {
            setHeader("Connection", "close");
        }
    }
}
