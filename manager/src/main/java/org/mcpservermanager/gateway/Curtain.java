package org.mcpservermanager.gateway;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;

/** Holds the clients of one server to what its operator wants seen: in lists, and in what is asked for by name or URI. */
record Curtain(Presentation presentation) {

    /** Empty when the operator hides and renames nothing. */
    static Optional<Curtain> of(Router router, ServerId server) {
        return router.spec(server)
                .map(ServerSpec::exposure)
                .filter(exposure -> !exposure.isAll())
                .map(exposure -> hiding(server, exposure));
    }

    private static Curtain hiding(ServerId server, Exposure exposure) {
        return new Curtain(new Presentation(server, exposure, Presentation.Style.UNTOUCHED));
    }

    /** A client's request with the names that the server knows; empty when what it is about is hidden. */
    Optional<Message> inward(Message request) {
        return switch (request.method()) {
            case Method.TOOLS_CALL -> named(ListKind.TOOLS, request);
            case Method.PROMPTS_GET -> named(ListKind.PROMPTS, request);
            case Method.RESOURCES_READ, Method.RESOURCES_SUBSCRIBE, Method.RESOURCES_UNSUBSCRIBE ->
                byUri(request, request.param("uri"));
            case Method.COMPLETION_COMPLETE -> completing(request);
            case Method.SUBSCRIPTIONS_LISTEN -> Optional.of(listening(request));
            default -> Optional.of(request);
        };
    }

    private Optional<Message> named(ListKind kind, Message request) {
        String shown = request.param("name");
        return presentation
                .own(kind, shown)
                .map(own -> own.equals(shown) ? request : request.withParam("name", JsonText.quote(own)));
    }

    private Optional<Message> byUri(Message request, String uri) {
        return presentation.admitsUri(uri) ? Optional.of(request) : Optional.empty();
    }

    private Optional<Message> completing(Message request) {
        String ref = request.rawParam("ref");
        return isOfResource(ref)
                ? byUri(request, RawJson.string(ref, "uri"))
                : presentation
                        .own(ListKind.PROMPTS, RawJson.string(ref, "name"))
                        .map(own -> request.withParam("ref", RawJson.withMember(ref, "name", JsonText.quote(own))));
    }

    private static boolean isOfResource(String ref) {
        return RawJson.string(ref, "type").equals("ref/resource");
    }

    /** Changes of hidden resources are not told. */
    private Message listening(Message request) {
        String filter = request.rawParam("notifications");
        String uris = JsonText.member(filter, "resourceSubscriptions");
        if (!uris.startsWith("[")) {
            return request;
        }
        String admitted = JsonText.elements(uris).stream()
                .filter(uri -> presentation.admitsUri(JsonText.unquote(uri)))
                .collect(Collectors.joining(",", "[", "]"));
        return request.withParam("notifications", RawJson.withMember(filter, "resourceSubscriptions", admitted));
    }

    /** Whether clients may hear of it: a server may name a part of what was subscribed to, and just that part may be hidden. */
    boolean tells(Message notification) {
        return !notification.method().equals(Method.RESOURCES_UPDATED)
                || presentation.admitsUri(notification.param("uri"));
    }

    /** What a request for something hidden is answered: the same as one for something that does not exist. */
    Message refusal(Message request) {
        return Message.error(
                request.id(),
                switch (request.method()) {
                    case Method.TOOLS_CALL -> unknown("Unknown tool: ", request.param("name"));
                    case Method.PROMPTS_GET -> unknown("Unknown prompt: ", request.param("name"));
                    case Method.COMPLETION_COMPLETE -> unknown(request.rawParam("ref"));
                    default -> AllServers.noSuchResource(request.param("uri"));
                });
    }

    private static RpcError unknown(String ref) {
        return isOfResource(ref)
                ? AllServers.noSuchResource(RawJson.string(ref, "uri"))
                : unknown("Unknown prompt: ", RawJson.string(ref, "name"));
    }

    private static RpcError unknown(String what, String name) {
        return RpcError.of(RpcError.INVALID_PARAMS, what + name);
    }

    /** The server's response as the client may see it: what is hidden is left out of lists, all else stays as it is. */
    Message outward(String method, Message response) {
        return Arrays.stream(ListKind.values())
                .filter(kind -> kind.method().equals(method) && response.kind() == Message.Kind.RESULT)
                .findFirst()
                .map(kind -> shown(kind, response))
                .orElse(response);
    }

    private Message shown(ListKind kind, Message response) {
        String array = JsonText.member(response.result(), kind.member());
        if (!array.startsWith("[")) {
            return response;
        }
        List<Offer> offers = JsonText.elements(array).stream()
                .map(raw -> new Offer(RawJson.string(raw, kind.key()), raw))
                .toList();
        String items = presentation.items(kind, offers).stream()
                .map(ListItem::text)
                .collect(Collectors.joining(",", "[", "]"));
        return Message.result(response.id(), RawJson.withMember(response.result(), kind.member(), items));
    }
}
