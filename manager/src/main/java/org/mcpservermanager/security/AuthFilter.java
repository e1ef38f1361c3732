package org.mcpservermanager.security;

import jakarta.inject.Inject;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The first to look at every request. Establishes where it may come from and who sends it; what it may do is decided at the
 * resource, never by the text of the URL, which both supported servers normalise differently from a filter.
 */
public final class AuthFilter implements Filter {
    private static final String SCHEME = "bearer ";
    private EdgeCheck edge;
    private Keys keys;

    /** For the container, which injects what {@link #use} needs. */
    public AuthFilter() {}

    @Inject
    void use(Edge edge, Keys keys) {
        this.edge = new EdgeCheck(edge);
        this.keys = keys;
    }

    @Override
    public void doFilter(ServletRequest plain, ServletResponse answer, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) plain;
        HttpServletResponse response = (HttpServletResponse) answer;
        if (wasChecked(request)) {
            chain.doFilter(CallerRequest.around(request, Caller.of(request)), response);
            return;
        }
        request.removeAttribute(Caller.ATTRIBUTE);
        setHeaders(response);
        Optional<Refusal> refusal = edge.refuse(request);
        if (refusal.isPresent()) {
            refusal.get().writeTo(response);
            return;
        }
        Optional<Caller> caller = caller(Collections.list(request.getHeaders("Authorization")));
        if (caller.isEmpty()) {
            Refusal.invalidCredential().writeTo(response);
            return;
        }
        if (caller.get() instanceof Caller.Anonymous && request.getMethod().equals("OPTIONS")) {
            Refusal.unauthenticated().writeTo(response); // the containers answer it for whatever is not there
            return;
        }
        request.setAttribute(Caller.ATTRIBUTE, caller.get());
        chain.doFilter(CallerRequest.around(request, caller.get()), response);
    }

    private static boolean wasChecked(HttpServletRequest request) {
        return request.getDispatcherType() != DispatcherType.REQUEST
                && request.getAttribute(Caller.ATTRIBUTE) instanceof Caller;
    }

    /** Empty: something was presented, and it is wrong. */
    private Optional<Caller> caller(List<String> headers) {
        if (headers.isEmpty()) {
            return Optional.of(new Caller.Anonymous());
        }
        String header = headers.get(0);
        if (headers.size() > 1 || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.empty();
        }
        return keys.callerOf(header.substring(SCHEME.length()).strip()).map(known -> known);
    }

    private static void setHeaders(HttpServletResponse response) {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
                        + " frame-ancestors 'none'");
    }
}
