package org.mcpservermanager.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The request as the rest sees it: it knows its caller, and the credential is gone, so that nothing can pass it on. */
final class CallerRequest extends HttpServletRequestWrapper {
    private static final String CREDENTIAL = "authorization";
    private final Caller caller;

    private CallerRequest(HttpServletRequest request, Caller caller) {
        super(request);
        this.caller = caller;
    }

    static HttpServletRequest around(HttpServletRequest request, Caller caller) {
        return request instanceof CallerRequest ? request : new CallerRequest(request, caller);
    }

    private record Named(String getName) implements Principal {}

    @Override
    public Principal getUserPrincipal() {
        return caller instanceof Caller.Known ? new Named(caller.name()) : null;
    }

    @Override
    public String getRemoteUser() {
        return caller instanceof Caller.Known ? caller.name() : null;
    }

    @Override
    public String getAuthType() {
        return caller instanceof Caller.Known ? "BEARER" : null;
    }

    @Override
    public boolean isUserInRole(String name) {
        Optional<Role> role = Stream.of(Role.values())
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
        return role.isPresent() && caller.may(role.get());
    }

    @Override
    public String getHeader(String name) {
        return isCredential(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isCredential(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        List<String> names = Collections.list(super.getHeaderNames());
        names.removeIf(CallerRequest::isCredential);
        return Collections.enumeration(names);
    }

    private static boolean isCredential(String header) {
        return header.toLowerCase(Locale.ROOT).equals(CREDENTIAL);
    }
}
