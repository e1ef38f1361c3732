package org.mcpservermanager.gateway.modern;

import java.util.Set;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Text;

/**
 * What a request says of its client in {@code _meta} (basic/index, "Per-request protocol fields").
 *
 * @param capabilities raw JSON
 * @param clientInfo raw JSON, empty when absent
 * @param logLevel empty when the client wants no logs
 * @param progressToken raw JSON, empty when absent
 */
public record RequestMeta(String capabilities, String clientInfo, String logLevel, String progressToken) {
    private static final Set<String> LEVELS =
            Set.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    /** Whether the request is of this era, well formed or not. */
    public static boolean isIn(Message message) {
        String meta = message.rawParam("_meta");
        return meta.contains(Meta.PROTOCOL_VERSION)
                && !JsonText.member(meta, Meta.PROTOCOL_VERSION).isEmpty();
    }

    /**
     * Checks headers and {@code _meta}; of several faults the one that comes first here is told.
     *
     * @throws Violation for the client, HTTP status 400
     */
    public static RequestMeta of(Message request, RequestHeaders headers) {
        String raw = request.rawParam("_meta");
        if (!RawObject.isObject(raw)) {
            throw Violation.params("params._meta is missing (expected: an object with " + Meta.PROTOCOL_VERSION
                    + " and " + Meta.CLIENT_CAPABILITIES + ")");
        }
        RawObject meta = RawObject.of(raw);
        String version = meta.text(Meta.PROTOCOL_VERSION);
        if (version.isEmpty()) {
            throw Violation.params("params._meta has no " + Meta.PROTOCOL_VERSION + " (expected: a string)");
        }
        headers.requireVersion(version);
        headers.requireMethod(request);
        headers.requireName(request);
        requireSupported(version);
        requireObject(meta, Meta.CLIENT_CAPABILITIES, true);
        requireObject(meta, Meta.CLIENT_INFO, false);
        return new RequestMeta(
                meta.get(Meta.CLIENT_CAPABILITIES), meta.get(Meta.CLIENT_INFO), level(meta), request.progressToken());
    }

    public Abilities abilities() {
        return Abilities.of(capabilities);
    }

    private static void requireSupported(String version) {
        if (!version.equals(Era.MODERN_VERSION)) {
            throw new Violation(unsupported(version));
        }
    }

    /** Of those that a request without a session can name; the older ones are agreed on by initialize. */
    private static RpcError unsupported(String version) {
        String supported = JsonText.quote(Era.MODERN_VERSION);
        return new RpcError(
                RpcError.UNSUPPORTED_PROTOCOL_VERSION,
                "Unsupported protocol version: " + Text.oneLine(version, 40),
                "{\"supported\":[" + supported + "],\"requested\":" + JsonText.quote(version) + "}");
    }

    private static void requireObject(RawObject meta, String name, boolean required) {
        String value = meta.get(name);
        if (!RawObject.isObject(value) && (required || !value.isEmpty())) {
            throw Violation.params(
                    "params._meta has " + (value.isEmpty() ? "no " : "an invalid ") + name + " (expected: an object)");
        }
    }

    private static String level(RawObject meta) {
        String level = meta.text(Meta.LOG_LEVEL);
        if (meta.has(Meta.LOG_LEVEL) && !LEVELS.contains(level)) {
            throw Violation.params("params._meta has an invalid " + Meta.LOG_LEVEL + " (expected: a log level)");
        }
        return level;
    }
}
