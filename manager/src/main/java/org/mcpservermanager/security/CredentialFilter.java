package org.mcpservermanager.security;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;

/** Nobody without a credential learns even which paths of the API exist; covers what has no resource method, such as OPTIONS. */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION)
public final class CredentialFilter implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        if (!(caller(request) instanceof Caller.Known)) {
            throw new RefusedException(Refusal.unauthenticated());
        }
    }

    /** Properties of a JAX-RS request are the attributes of its servlet request. */
    static Caller caller(ContainerRequestContext request) {
        return request.getProperty(Caller.ATTRIBUTE) instanceof Caller caller ? caller : new Caller.Anonymous();
    }
}
