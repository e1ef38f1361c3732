package org.mcpservermanager.gateway.modern;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mcpservermanager.protocol.HeaderValue;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;

/** The headers {@code Mcp-Param-*} of one tool, as its input schema wants them (basic/transports/streamable-http). */
public final class ParamHeaders {
    private static final String ANNOTATION = "x-mcp-header";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final int DEPTH_MAX = 16;
    private static final int NUMBER_LENGTH_MAX = 400;

    private final List<Param> params;

    /** @param path property names from the root of the arguments */
    private record Param(String name, List<String> path) {}

    private ParamHeaders(List<Param> params) {
        this.params = params;
    }

    /** @param tool raw JSON of the tool as the server lists it */
    public static ParamHeaders of(String tool) {
        List<Param> params = new ArrayList<>();
        if (tool.contains(ANNOTATION)) {
            try {
                collect(JsonText.tree(JsonText.member(tool, "inputSchema")), List.of(), params);
            } catch (IllegalArgumentException noSchema) {
                // a schema that cannot be read annotates nothing; the server still judges the arguments
            }
        }
        return new ParamHeaders(params);
    }

    private static void collect(JsonObject schema, List<String> path, List<Param> params) {
        if (!(schema.get("properties") instanceof JsonObject properties) || path.size() >= DEPTH_MAX) {
            return;
        }
        properties.forEach((name, value) -> {
            if (value instanceof JsonObject property) {
                List<String> place = new ArrayList<>(path);
                place.add(name);
                if (property.get(ANNOTATION) instanceof JsonString header
                        && TOKEN.matcher(header.getString()).matches()) {
                    params.add(new Param(header.getString(), place));
                }
                collect(property, place, params);
            }
        });
    }

    /** @throws Violation when a header does not say what the arguments say */
    public void check(Message request, RequestHeaders headers) {
        if (params.isEmpty()) {
            return;
        }
        String raw = request.rawParam("arguments");
        JsonObject arguments = RawObject.isObject(raw) ? JsonText.tree(raw) : JsonValue.EMPTY_JSON_OBJECT;
        params.forEach(param -> check(param, value(arguments, param.path()), headers));
    }

    private static void check(Param param, JsonValue value, RequestHeaders headers) {
        String name = "Mcp-Param-" + param.name();
        Optional<String> header = headers.only(name.toLowerCase(Locale.ROOT), name);
        boolean expected =
                switch (value.getValueType()) {
                    case STRING, NUMBER, TRUE, FALSE -> true;
                    case NULL, OBJECT, ARRAY -> false;
                };
        if (header.isEmpty()) {
            if (expected) {
                throw Violation.header(name + " is missing, the body has '" + String.join(".", param.path()) + "'");
            }
            return;
        }
        String text = HeaderValue.decode(header.get())
                .orElseThrow(() -> Violation.header(name + " holds invalid characters or invalid Base64"));
        if (!expected || !means(text, value)) {
            throw Violation.header(name + " is " + RequestHeaders.shown(text) + ", which is not what the body has in '"
                    + String.join(".", param.path()) + "'");
        }
    }

    private static boolean means(String text, JsonValue value) {
        return value instanceof JsonString string
                ? string.getString().equals(text)
                : value instanceof JsonNumber number
                        ? isSame(text, number.toString())
                        : value.toString().equals(text);
    }

    private static boolean isSame(String text, String number) {
        if (text.equals(number)) {
            return true;
        }
        if (text.length() > NUMBER_LENGTH_MAX || number.length() > NUMBER_LENGTH_MAX) {
            return false;
        }
        try {
            return new BigDecimal(text).compareTo(new BigDecimal(number)) == 0;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    private static JsonValue value(JsonObject arguments, List<String> path) {
        JsonValue at = arguments;
        for (String step : path) {
            at = at instanceof JsonObject object ? object.getOrDefault(step, JsonValue.NULL) : JsonValue.NULL;
        }
        return at;
    }
}
