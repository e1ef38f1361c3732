package org.mcpservermanager.gateway.modern;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mcpservermanager.protocol.HeaderAnnotations;
import org.mcpservermanager.protocol.HeaderAnnotations.Argument;
import org.mcpservermanager.protocol.HeaderValue;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;

/** The headers {@code Mcp-Param-*} of one tool, as its input schema wants them (basic/transports/streamable-http). */
public final class ParamHeaders {
    private static final int NUMBER_LENGTH_MAX = 400;

    private final List<Argument> wanted;

    private ParamHeaders(List<Argument> wanted) {
        this.wanted = wanted;
    }

    /** @param tool raw JSON of the tool as the server lists it */
    public static ParamHeaders of(String tool) {
        return new ParamHeaders(HeaderAnnotations.mayBeIn(tool) ? wanted(tool) : List.of());
    }

    private static List<Argument> wanted(String tool) {
        try {
            return HeaderAnnotations.of(JsonText.tree(JsonText.member(tool, "inputSchema")))
                    .arguments();
        } catch (IllegalArgumentException noSchema) {
            // a schema that cannot be read annotates nothing; the server still judges the arguments
            return List.of();
        }
    }

    /** @throws Violation when a header does not say what the arguments say */
    public void check(Message request, RequestHeaders headers) {
        if (wanted.isEmpty()) {
            return;
        }
        String raw = request.rawParam("arguments");
        JsonObject arguments = RawObject.isObject(raw) ? JsonText.tree(raw) : JsonValue.EMPTY_JSON_OBJECT;
        wanted.forEach(argument -> check(argument, value(arguments, argument.path()), headers));
    }

    private static void check(Argument argument, JsonValue value, RequestHeaders headers) {
        String name = "Mcp-Param-" + argument.header();
        Optional<String> header = headers.only(name.toLowerCase(Locale.ROOT), name);
        boolean expected =
                switch (value.getValueType()) {
                    case STRING, NUMBER, TRUE, FALSE -> true;
                    case NULL, OBJECT, ARRAY -> false;
                };
        if (header.isEmpty()) {
            if (expected) {
                throw Violation.header(name + " is missing, the body has '" + String.join(".", argument.path()) + "'");
            }
            return;
        }
        String text = HeaderValue.decode(header.get())
                .orElseThrow(() -> Violation.header(name + " holds invalid characters or invalid Base64"));
        if (!expected || !means(text, value)) {
            throw Violation.header(name + " is " + RequestHeaders.shown(text) + ", which is not what the body has in '"
                    + String.join(".", argument.path()) + "'");
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
