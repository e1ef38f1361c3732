package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/** What a client can be asked. Clients with the same abilities are the same to a server. */
public record Abilities(
        boolean forms, boolean urls, boolean sampling, boolean samplingTools, boolean samplingContext, boolean roots) {
    public static Abilities of(String capabilities) {
        String elicitation = JsonText.member(capabilities, "elicitation");
        boolean urls = has(elicitation, "url");
        String sampling = JsonText.member(capabilities, "sampling");
        return new Abilities(
                RawObject.isObject(elicitation) && (!urls || has(elicitation, "form")),
                urls,
                RawObject.isObject(sampling),
                has(sampling, "tools"),
                has(sampling, "context"),
                RawObject.isObject(JsonText.member(capabilities, "roots")));
    }

    private static boolean has(String object, String member) {
        return RawObject.isObject(object) && !JsonText.member(object, member).isEmpty();
    }

    public boolean isNone() {
        return !forms && !urls && !sampling && !roots;
    }

    /** As capabilities of initialize; equal abilities are equal text. */
    public String toJson() {
        RawObject all = RawObject.of("");
        if (forms || urls) {
            all.put("elicitation", (forms ? flag("form", urls) : flag("url", true)));
        }
        if (sampling) {
            all.put("sampling", samplingJson());
        }
        if (roots) {
            all.put("roots", "{}");
        }
        return all.toString();
    }

    private String samplingJson() {
        RawObject sub = RawObject.of("");
        if (samplingTools) {
            sub.put("tools", "{}");
        }
        if (samplingContext) {
            sub.put("context", "{}");
        }
        return sub.toString();
    }

    private static String flag(String name, boolean urls) {
        RawObject sub = RawObject.of("").put(name, "{}");
        return (urls ? sub.put("url", "{}") : sub).toString();
    }

    /** @param capabilities raw JSON */
    static RpcError missing(String capabilities) {
        return new RpcError(
                RpcError.MISSING_CLIENT_CAPABILITY,
                "The request needs a client capability that it did not declare",
                "{\"requiredCapabilities\":" + capabilities + "}");
    }

    /** The capabilities that the client would have to declare for this question, raw JSON; empty when it may be asked. */
    String missingFor(Message question) {
        return switch (question.method()) {
            case Method.ELICITATION_CREATE -> {
                boolean url = question.param("mode").equals("url");
                String needed = url ? "{\"elicitation\":{\"url\":{}}}" : "{\"elicitation\":{\"form\":{}}}";
                yield (url ? urls : forms) ? "" : needed;
            }
            case Method.SAMPLING_CREATE_MESSAGE -> {
                boolean tools = !question.rawParam("tools").isEmpty();
                String needed = tools ? "{\"sampling\":{\"tools\":{}}}" : "{\"sampling\":{}}";
                yield sampling && (!tools || samplingTools) ? "" : needed;
            }
            case Method.ROOTS_LIST -> roots ? "" : "{\"roots\":{}}";
            default -> "";
        };
    }
}
