package org.mcpservermanager.conversation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.Revision;

/** An input request of a modern server as a request to a client of an earlier revision, if that client can be asked such a thing. */
final class LegacyQuestion {
    private final String capabilities;
    private final boolean latest;

    LegacyQuestion(Profile profile) {
        this.capabilities = profile.capabilities();
        this.latest = Revision.of(profile.protocolVersion())
                .map(revision -> revision.isAtLeast(Revision.R2025_11_25))
                .orElse(false);
    }

    Message of(String id, String request) throws Interview.NotAskable {
        String method = JsonText.unquote(orElse(JsonText.member(request, "method"), "null"));
        String params = JsonText.member(request, "params");
        if (!params.startsWith("{") && !(method.equals(Method.ROOTS_LIST) && params.isEmpty())) {
            throw new Interview.NotAskable("The server asked \"" + method + "\" without params");
        }
        return switch (method) {
            case Method.ROOTS_LIST -> {
                declared("roots");
                yield Message.request(id, method, params);
            }
            case Method.SAMPLING_CREATE_MESSAGE -> Message.request(id, method, sampling(params));
            case Method.ELICITATION_CREATE -> Message.request(id, method, elicitation(params));
            default ->
                throw new Interview.NotAskable("The server asked \"" + method + "\", which no client can answer");
        };
    }

    private String declared(String capability) throws Interview.NotAskable {
        return require(JsonText.member(capabilities, capability), capability);
    }

    private static String require(String declaration, String capability) throws Interview.NotAskable {
        if (declaration.isEmpty()) {
            throw new Interview.NotAskable("The server asked for " + capability + ", which the client did not declare");
        }
        return declaration;
    }

    private String sampling(String params) throws Interview.NotAskable {
        String sampling = declared("sampling");
        boolean usesTools = !JsonText.member(params, "tools").isEmpty()
                || !JsonText.member(params, "toolChoice").isEmpty();
        if (usesTools) {
            require(latest ? JsonText.member(sampling, "tools") : "", "sampling with tools");
        }
        return params;
    }

    private String elicitation(String params) throws Interview.NotAskable {
        String elicitation = declared("elicitation");
        String form = JsonText.member(elicitation, "form");
        String url = JsonText.member(elicitation, "url");
        if (JsonText.member(params, "mode").equals("\"url\"")) {
            require(latest ? url : "", "elicitation by URL");
            return JsonText.member(params, "elicitationId").isEmpty()
                    ? JsonText.with(params, "elicitationId", "\"" + UUID.randomUUID() + "\"")
                    : params;
        }
        require(url.isEmpty() ? elicitation : form, "elicitation by form");
        return latest ? params : olderForm(params);
    }

    /** Forms had no mode, no titles but {@code enumNames}, and no choice of several before 2025-11-25. */
    private static String olderForm(String params) throws Interview.NotAskable {
        String bare = JsonText.without(params, Set.of("mode"));
        String schema = JsonText.member(bare, "requestedSchema");
        String properties = JsonText.member(schema, "properties");
        if (!properties.startsWith("{")) {
            return bare;
        }
        Map<String, String> adapted = new LinkedHashMap<>();
        for (Map.Entry<String, String> property : JsonText.members(properties).entrySet()) {
            if (!JsonText.member(property.getValue(), "type").equals("\"array\"")) {
                adapted.put(property.getKey(), olderProperty(property.getValue()));
            } else if (isRequired(schema, property.getKey())) {
                throw new Interview.NotAskable("The server asked for \"" + property.getKey()
                        + "\", a choice of several, which the client's revision does not know");
            }
        }
        return JsonText.with(bare, "requestedSchema", JsonText.with(schema, "properties", JsonText.object(adapted)));
    }

    private static boolean isRequired(String schema, String property) {
        String required = JsonText.member(schema, "required");
        return required.startsWith("[")
                && JsonText.elements(required).stream()
                        .anyMatch(name -> JsonText.unquote(name).equals(property));
    }

    private static String olderProperty(String property) {
        String options = JsonText.member(property, "oneOf");
        if (!options.startsWith("[")) {
            return property;
        }
        List<String> values = new ArrayList<>();
        List<String> titles = new ArrayList<>();
        for (String option : JsonText.elements(options)) {
            String value = orElse(JsonText.member(option, "const"), "null");
            values.add(value);
            titles.add(orElse(JsonText.member(option, "title"), value));
        }
        String bare = JsonText.without(property, Set.of("oneOf"));
        String named = JsonText.with(bare, "enumNames", "[" + String.join(",", titles) + "]");
        return JsonText.with(named, "enum", "[" + String.join(",", values) + "]");
    }

    private static String orElse(String json, String otherwise) {
        return json.isEmpty() ? otherwise : json;
    }
}
