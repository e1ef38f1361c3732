package org.mcpservermanager.config;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Wire;

/** What is shown of a server's secrets, and the way back: whoever sends what was shown means what is there. */
public final class Secrets {
    public static final String MASK = "***";

    private Secrets() {}

    /** The names, with the mask for every value. */
    public static JsonObject masked(Map<String, String> secrets) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        new TreeMap<>(secrets).keySet().forEach(name -> json.add(name, MASK));
        return json.build();
    }

    /** Without user and query, where people put tokens. */
    public static String masked(URI url) {
        String authority =
                url.getRawAuthority() == null ? "" : url.getRawAuthority().replaceFirst("^.*@", MASK + "@");
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return url.getScheme() + "://" + authority + path + (url.getRawQuery() == null ? "" : "?" + MASK);
    }

    /**
     * The entry with what the server has in the place of each mask.
     *
     * @throws ProblemException invalid_configuration: a mask for what the server does not have
     */
    public static JsonObject unmasked(JsonObject entry, Wire there) {
        Map<String, String> environment = environment(there);
        Map<String, String> headers = headers(there);
        JsonObjectBuilder json = Json.createObjectBuilder();
        entry.forEach((name, value) -> {
            if (Key.ENV.isNamed(name)) {
                json.add(name, unmasked(name, value, environment));
            } else if (Key.HEADERS.isNamed(name)) {
                json.add(name, unmasked(name, value, headers));
            } else {
                json.add(name, Key.URL.isNamed(name) ? unmasked(value, there) : value);
            }
        });
        return json.build();
    }

    /** As {@link #unmasked(JsonObject, Wire)}, for a server that is not there yet. */
    public static JsonObject unmasked(JsonObject entry) {
        return unmasked(entry, new Wire.Stdio("", List.of(), Map.of(), ""));
    }

    private static Map<String, String> environment(Wire there) {
        if (there instanceof Wire.Custom custom) {
            return custom.environment();
        }
        if (there instanceof Wire.Served served) {
            return served.process().environment();
        }
        return there instanceof Wire.Stdio stdio ? stdio.environment() : Map.of();
    }

    private static Map<String, String> headers(Wire there) {
        if (there instanceof Wire.WebSocket socket) {
            return socket.headers();
        }
        return there instanceof Wire.Http http ? http.headers() : Map.of();
    }

    private static Optional<URI> url(Wire there) {
        if (there instanceof Wire.WebSocket socket) {
            return Optional.of(socket.url());
        }
        return there instanceof Wire.Http http ? Optional.of(http.url()) : Optional.empty();
    }

    private static JsonValue unmasked(JsonValue shown, Wire there) {
        return shown instanceof JsonString text && text.getString().contains(MASK)
                ? url(there)
                        .filter(url -> text.getString().equals(masked(url)))
                        .map(url -> literal(url.toString()))
                        .orElse(shown)
                : shown;
    }

    private static JsonValue unmasked(String key, JsonValue map, Map<String, String> there) {
        if (!(map instanceof JsonObject object)) {
            return map;
        }
        JsonObjectBuilder json = Json.createObjectBuilder();
        object.forEach((name, value) -> json.add(
                name,
                value instanceof JsonString text && text.getString().equals(MASK)
                        ? literal(known(key, name, there))
                        : value));
        return json.build();
    }

    private static String known(String key, String name, Map<String, String> there) {
        String value = there.get(name);
        if (value == null) {
            throw new ProblemException(new Problem(
                    Problem.INVALID_CONFIGURATION,
                    key + "." + Report.shown(name) + ": \"" + MASK
                            + "\" (expected: a value; none is stored that it could" + " stand for)",
                    "Send the value itself, or ${NAME} of the manager's environment."));
        }
        return value;
    }

    /** Was resolved before: a "${" in it is meant. */
    private static JsonValue literal(String text) {
        return Json.createValue(text.replace("${", "$${"));
    }
}
