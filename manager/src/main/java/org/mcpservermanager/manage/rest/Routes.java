package org.mcpservermanager.manage.rest;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mcpservermanager.security.AllowFeature;
import org.mcpservermanager.security.Role;

/** Every route of the management API, read from the resources themselves. */
public final class Routes {
    private Routes() {}

    /**
     * @param path from the context root, with {@code {variables}}
     * @param role empty: open to nobody
     */
    public record Route(String method, String path, Optional<Role> role) {}

    public static List<Route> all() {
        List<Route> routes = new ArrayList<>();
        for (Class<?> resource : ApiApplication.RESOURCES) {
            for (Method method : resource.getMethods()) {
                verb(method)
                        .ifPresent(verb -> routes.add(
                                new Route(verb, path(resource, method), AllowFeature.needed(resource, method))));
            }
        }
        // A servlet, because it writes its stream without blocking.
        routes.add(new Route("GET", ApiApplication.ROOT + "/mcp/events", Optional.of(Role.VIEWER)));
        routes.sort(Comparator.comparing(Route::path).thenComparing(Route::method));
        return List.copyOf(routes);
    }

    private static Optional<String> verb(Method method) {
        for (Annotation annotation : method.getAnnotations()) {
            HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
            if (verb != null) {
                return Optional.of(verb.value());
            }
        }
        return Optional.empty();
    }

    private static String path(Class<?> resource, Method method) {
        Path own = method.getAnnotation(Path.class);
        return ApiApplication.ROOT
                + resource.getAnnotation(Path.class).value()
                + (own == null ? "" : "/" + own.value());
    }
}
