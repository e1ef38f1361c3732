package org.mcpservermanager.security;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.util.Optional;

/**
 * Puts {@link Allow} in force on JAX-RS. The standard annotations are not used: one of the supported servers ignores them, the
 * other asks for Basic credentials.
 */
@Provider
public final class AllowFeature implements DynamicFeature {
    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        context.register(
                new Check(needed(resource.getResourceClass(), resource.getResourceMethod())), Priorities.AUTHORIZATION);
    }

    /** Empty: nobody may. */
    public static Optional<Role> needed(Class<?> type, Method method) {
        Allow own = method.getAnnotation(Allow.class);
        return Optional.ofNullable(own != null ? own : type.getAnnotation(Allow.class))
                .map(Allow::value);
    }

    @Priority(Priorities.AUTHORIZATION)
    record Check(Optional<Role> needed) implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            Caller caller = CredentialFilter.caller(request);
            Optional<Refusal> refusal = needed.isEmpty() ? Optional.of(closed()) : Refusal.of(caller, needed.get());
            refusal.ifPresent(RefusedException::raise);
        }

        private static Refusal closed() {
            return Refusal.of(403, Refusal.FORBIDDEN, "This resource is open to nobody.", "Use a documented resource.");
        }
    }
}
