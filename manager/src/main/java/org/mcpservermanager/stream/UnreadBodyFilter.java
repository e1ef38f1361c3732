package org.mcpservermanager.stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;

/**
 * Takes care of bodies that a request left unread, for example because it was refused. Undertow waits for their rest on the request
 * thread, 90 seconds for a sender that pauses: a few requests with a wrong key and half a body would stop the server for everybody.
 */
public final class UnreadBodyFilter implements Filter {
    /** Enough for an honest client to send the rest and read why it was refused. */
    private static final long LINGER_MILLIS = 1000;

    /** A request attribute of bodies that were read to their last byte: only one read more would make Undertow notice. */
    static final String TAKEN = UnreadBodyFilter.class.getName() + ".taken";

    private static final int AT_ONCE_MAX = 16 * 1024;

    @Override
    public void doFilter(ServletRequest plain, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plain;
        boolean isOurs = isForFiles(request) && isPending(request);
        if (isOurs) {
            startAsync(request);
        }
        chain.doFilter(
                request,
                isBodyAnnounced(request) ? new LastResponse(request, (HttpServletResponse) response) : response);
        if (isOurs) {
            leave(request, response, request.getAsyncContext());
        } else if (!request.isAsyncStarted() && request.isAsyncSupported() && isPending(request)) {
            leave(request, response, startAsync(request));
        }
    }

    /** The container's own servlet wants no body, and cannot go asynchronous: afterwards it would be too late. */
    private static boolean isForFiles(HttpServletRequest request) {
        return request.getDispatcherType() == DispatcherType.REQUEST
                && request.getHttpServletMapping().getMappingMatch() == MappingMatch.DEFAULT;
    }

    private static AsyncContext startAsync(HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        async.setTimeout(LINGER_MILLIS);
        return async;
    }

    /** Sends the response, takes what still comes for a moment without a thread, and then has the container break the connection. */
    private static void leave(HttpServletRequest request, ServletResponse response, AsyncContext async)
            throws IOException {
        ((HttpServletResponse) response).setHeader("Connection", "close");
        response.flushBuffer(); // a timeout of a response that is on its way breaks the connection
        ServletInputStream in = request.getInputStream();
        try {
            in.setReadListener(new Discard(async, in));
        } catch (IllegalStateException listenedToBefore) {
            // then nobody takes it, and the timeout ends it
        }
    }

    private static boolean isBodyAnnounced(HttpServletRequest request) {
        long announced = request.getContentLengthLong();
        return announced > 0 || announced < 0 && request.getHeader("Transfer-Encoding") != null;
    }

    /** Part of the body is still to be sent, or so much of it unread that taking it is not worth the time. */
    static boolean isPending(HttpServletRequest request) throws IOException {
        if (request.getAttribute(TAKEN) != null || !isBodyAnnounced(request)) {
            return false;
        }
        long announced = request.getContentLengthLong();
        ServletInputStream in = request.getInputStream();
        return !in.isFinished() && (announced < 0 || announced > AT_ONCE_MAX || in.available() < announced);
    }

    private record Discard(AsyncContext async, ServletInputStream in) implements ReadListener {
        @Override
        public void onDataAvailable() throws IOException {
            byte[] chunk = new byte[8192];
            while (in.isReady() && !in.isFinished()) {
                if (in.read(chunk) < 0) {
                    return;
                }
            }
        }

        @Override
        public void onAllDataRead() {
            complete();
        }

        @Override
        public void onError(Throwable broken) {
            complete();
        }

        private void complete() {
            try {
                async.complete();
            } catch (IllegalStateException lingeredTooLong) {
                // the container ended it
            }
        }
    }
}
