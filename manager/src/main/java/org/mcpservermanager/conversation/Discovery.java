package org.mcpservermanager.conversation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.Revision;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/** {@code server/discover} and what its answer means (2026-07-28, basic/transports/stdio, "Backward Compatibility"). */
final class Discovery {
    private static final int QUOTED_MAX = 300;
    /** What a legacy client is told of the extension. */
    private static final String TASKS = "{\"list\":{},\"cancel\":{},\"requests\":{\"tools\":{\"call\":{}}}}";

    private final ServerId server;
    private final Profile offered;

    Discovery(ServerId server, Profile offered) {
        this.server = server;
        this.offered = offered;
    }

    Message request() {
        return Message.request(
                Long.toString(Dispatch.OPENING_ID),
                Method.SERVER_DISCOVER,
                "{\"_meta\":" + JsonText.object(ModernMeta.of(offered)) + "}");
    }

    /** The peer that answered; a ProblemException when it is not modern, or we have no revision in common. */
    Peer peer(Message answer) {
        if (answer.kind() == Message.Kind.ERROR) {
            throw refusal(answer.error());
        }
        String result = answer.result();
        List<String> versions = strings(JsonText.member(result, "supportedVersions"));
        if (versions.isEmpty()) {
            throw notModern("answered server/discover with something that is no DiscoverResult");
        }
        if (!versions.contains(Era.MODERN_VERSION)) {
            throw noCommonVersion(versions);
        }
        return peerOf(result);
    }

    private Peer peerOf(String result) {
        String capabilities = orElse(JsonText.member(result, "capabilities"), "{}");
        String instructions = JsonText.member(result, "instructions");
        String declared = JsonText.member(JsonText.member(result, "_meta"), Meta.SERVER_INFO);
        String info = declared.startsWith("{")
                ? declared
                : "{\"name\":" + JsonText.quote(server.value()) + ",\"version\":\"unknown\"}";
        return new Peer(
                Era.MODERN_VERSION,
                capabilities,
                info,
                instructions,
                initializeResult(capabilities, info, instructions),
                result,
                JsonText.unquote(orElse(JsonText.member(info, "name"), "null")),
                JsonText.unquote(orElse(JsonText.member(info, "version"), "null")));
    }

    private static String initializeResult(String capabilities, String info, String instructions) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("protocolVersion", JsonText.quote(Revision.LATEST.version()));
        String bare = JsonText.without(capabilities, Set.of("extensions", "tasks"));
        members.put("capabilities", ModernMeta.hasTasks(capabilities) ? JsonText.with(bare, "tasks", TASKS) : bare);
        members.put("serverInfo", info);
        if (!instructions.isEmpty()) {
            members.put("instructions", instructions);
        }
        return JsonText.object(members);
    }

    private ProblemException refusal(String error) {
        String said = "answered server/discover with an error: " + Text.oneLine(error, QUOTED_MAX);
        String data = JsonText.member(error, "data");
        return switch (code(error)) {
            case RpcError.UNSUPPORTED_PROTOCOL_VERSION -> {
                List<String> versions = strings(JsonText.member(data, "supported"));
                yield versions.isEmpty() ? notModern(said) : noCommonVersion(versions);
            }
            case RpcError.MISSING_CLIENT_CAPABILITY ->
                JsonText.member(data, "requiredCapabilities").isEmpty() ? notModern(said) : failed(said);
            case RpcError.HEADER_MISMATCH -> failed(said);
            default -> notModern(said);
        };
    }

    private ProblemException noCommonVersion(List<String> versions) {
        String said = "supports the revisions "
                + Text.oneLine(String.join(", ", versions), QUOTED_MAX)
                + " (expected: " + Era.MODERN_VERSION + " among them)";
        return versions.stream().anyMatch(version -> Era.of(version) == Era.MODERN) ? failed(said) : notModern(said);
    }

    ProblemException notModern(String how) {
        return problem(Problem.NOT_MODERN, how, "If it speaks an earlier revision, set \"era\": \"legacy\".");
    }

    private ProblemException failed(String how) {
        return problem(Problem.HANDSHAKE_FAILED, how, "Look at its version; the manager may be too old for it.");
    }

    private ProblemException problem(String code, String how, String remedy) {
        return new ProblemException(new Problem(code, "Server '" + server + "' " + how + ".", remedy));
    }

    private static int code(String error) {
        try {
            return Integer.parseInt(JsonText.member(error, "code"));
        } catch (NumberFormatException noSmallInteger) {
            return 0;
        }
    }

    private static List<String> strings(String rawArray) {
        return rawArray.startsWith("[")
                ? JsonText.elements(rawArray).stream()
                        .filter(each -> each.startsWith("\""))
                        .map(JsonText::unquote)
                        .toList()
                : List.of();
    }

    private static String orElse(String json, String otherwise) {
        return json.isEmpty() ? otherwise : json;
    }
}
