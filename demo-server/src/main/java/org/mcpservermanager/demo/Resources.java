package org.mcpservermanager.demo;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** A fixed resource, a growing one that can be subscribed to, and a template. */
final class Resources {
    static final String TEMPLATE = "demo://greeting/{name}";
    private static final String GREETING = "demo://greeting";
    private final Ticks ticks;

    Resources(Ticks ticks) {
        this.ticks = ticks;
    }

    static Json.Obj list() {
        return (Json.Obj) JsonReader.read(LIST);
    }

    static Json.Obj templates() {
        return (Json.Obj) JsonReader.read(TEMPLATES);
    }

    Json.Obj read(Params params) throws RpcError {
        String uri = params.text("uri");
        Json.Obj content = Json.object()
                .with("uri", uri)
                .with("mimeType", "text/plain")
                .with("text", text(uri).orElseThrow(() -> notFound(uri)));
        return Json.object().with("contents", Json.array(content));
    }

    Json.Obj subscribe(Params params) throws RpcError {
        String uri = params.text("uri");
        if (text(uri).isEmpty()) {
            throw notFound(uri);
        }
        if (uri.equals(Ticks.URI)) {
            ticks.subscribe();
        }
        return Json.object();
    }

    Json.Obj unsubscribe(Params params) throws RpcError {
        if (params.text("uri").equals(Ticks.URI)) {
            ticks.unsubscribe();
        }
        return Json.object();
    }

    private Optional<String> text(String uri) {
        return switch (uri) {
            case GREETING -> Optional.of("Hello, world!");
            case Ticks.URI -> Optional.of(Long.toString(ticks.value()));
            default -> nameIn(uri).map(name -> "Hello, " + name + "!");
        };
    }

    private static Optional<String> nameIn(String uri) {
        if (!uri.startsWith(GREETING + "/")) {
            return Optional.empty();
        }
        try {
            URI parsed = new URI(uri);
            String name = parsed.getPath().substring(1);
            boolean onePart =
                    !name.isEmpty() && !parsed.getRawPath().substring(1).contains("/");
            return onePart && parsed.getRawQuery() == null && parsed.getRawFragment() == null
                    ? Optional.of(name)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static RpcError notFound(String uri) {
        return new RpcError(
                RpcError.RESOURCE_NOT_FOUND, "Resource not found", Json.object().with("uri", uri));
    }

    private static final String LIST =
            """
            {"resources":[
             {"uri":"demo://greeting","name":"greeting","title":"Greeting","description":"A greeting.","mimeType":"text/plain"},
             {"uri":"demo://ticks","name":"ticks","title":"Ticks",
              "description":"A number that grows while it is subscribed to, and by the tool tick.","mimeType":"text/plain"}]}""";

    private static final String TEMPLATES =
            """
            {"resourceTemplates":[{"uriTemplate":"demo://greeting/{name}","name":"greeting-of","title":"Greeting of somebody",
             "description":"A greeting with a name.","mimeType":"text/plain"}]}""";
}
