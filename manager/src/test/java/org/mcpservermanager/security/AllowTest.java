package org.mcpservermanager.security;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AllowTest {
    @Allow(Role.VIEWER)
    static class Guarded {
        public void asTheClass() {}

        @Allow(Role.ADMIN)
        public void own() {}
    }

    static class Unguarded {
        public void nothingSaid() {}
    }

    private static ContainerRequestContext request(Caller caller) {
        return (ContainerRequestContext) Proxy.newProxyInstance(
                AllowTest.class.getClassLoader(),
                new Class<?>[] {ContainerRequestContext.class},
                (self, method, arguments) -> {
                    assertEquals("getProperty", method.getName());
                    assertEquals(Caller.ATTRIBUTE, arguments[0]);
                    return caller;
                });
    }

    /** What the feature puts in front of a method. */
    private static AllowFeature.Check check(Class<?> type, String method) throws Exception {
        Method found = type.getMethod(method);
        List<Object> registered = new ArrayList<>();
        ResourceInfo info = new ResourceInfo() {
            @Override
            public Method getResourceMethod() {
                return found;
            }

            @Override
            public Class<?> getResourceClass() {
                return type;
            }
        };
        FeatureContext context = (FeatureContext) Proxy.newProxyInstance(
                AllowTest.class.getClassLoader(), new Class<?>[] {FeatureContext.class}, (self, called, arguments) -> {
                    registered.add(arguments[0]);
                    return self;
                });
        new AllowFeature().configure(info, context);
        assertEquals(1, registered.size());
        return (AllowFeature.Check) registered.get(0);
    }

    private static int statusFor(AllowFeature.Check check, Caller caller) {
        return assertThrows(RefusedException.class, () -> check.filter(request(caller)))
                .refusal()
                .status();
    }

    @Test
    void closesAMethodThatSaysNothingEvenToTheAdmin() throws Exception {
        assertEquals(403, statusFor(check(Unguarded.class, "nothingSaid"), new Caller.Known("root", Role.ADMIN)));
    }

    @Test
    void asksForTheRoleOfTheMethodBeforeThatOfTheClass() throws Exception {
        Caller viewer = new Caller.Known("vera", Role.VIEWER);
        assertDoesNotThrow(() -> check(Guarded.class, "asTheClass").filter(request(viewer)));
        assertEquals(403, statusFor(check(Guarded.class, "own"), viewer));
        assertEquals(401, statusFor(check(Guarded.class, "own"), new Caller.Anonymous()));
        assertEquals(401, statusFor(check(Guarded.class, "own"), null));
        assertDoesNotThrow(() -> check(Guarded.class, "own").filter(request(new Caller.Known("root", Role.ADMIN))));
    }

    @Test
    void anonymousCallersDoNotEvenReachTheMatching() {
        CredentialFilter filter = new CredentialFilter();
        assertEquals(
                401,
                assertThrows(RefusedException.class, () -> filter.filter(request(null)))
                        .refusal()
                        .status());
        assertEquals(
                401,
                assertThrows(RefusedException.class, () -> filter.filter(request(new Caller.Anonymous())))
                        .refusal()
                        .status());
        assertDoesNotThrow(() -> filter.filter(request(new Caller.Known("c", Role.CALLER))));
    }

    @Test
    void mcpCallersGetNothingOfTheManagement() {
        Caller caller = new Caller.Known("agent", Role.CALLER);
        for (Role role : List.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN)) {
            assertEquals(Optional.of(403), Refusal.of(caller, role).map(Refusal::status));
        }
        assertEquals(Optional.empty(), Refusal.of(caller, Role.CALLER));
    }
}
