package org.mcpservermanager.gateway;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Router;

/** Holds the client of one server to what its operator wants seen: in lists, and in what is asked for by name or URI. */
record Curtain(Router router, Presentation presentation) {

    Call request(Exchange exchange) {
        Message request = exchange.request();
        Optional<ListKind> listed = Arrays.stream(ListKind.values())
                .filter(kind -> kind.method().equals(request.method()))
                .findFirst();
        if (listed.isPresent()) {
            return send(new Listing(exchange, listed.get(), presentation));
        }
        return switch (request.method()) {
            case Method.TOOLS_CALL -> named(ListKind.TOOLS, "Unknown tool: ", exchange);
            case Method.PROMPTS_GET -> named(ListKind.PROMPTS, "Unknown prompt: ", exchange);
            case Method.RESOURCES_READ, Method.RESOURCES_SUBSCRIBE, Method.RESOURCES_UNSUBSCRIBE ->
                byUri(exchange, request.param("uri"));
            case Method.COMPLETION_COMPLETE -> complete(exchange);
            default -> send(exchange);
        };
    }

    private Call named(ListKind kind, String unknown, Exchange exchange) {
        Message request = exchange.request();
        String shown = request.param("name");
        return presentation
                .own(kind, shown)
                .map(own -> send(
                        own.equals(shown)
                                ? exchange
                                : new Readdressed(exchange, request.withParam("name", JsonText.quote(own)))))
                .orElseGet(() -> refuse(exchange, RpcError.of(RpcError.INVALID_PARAMS, unknown + shown)));
    }

    private Call byUri(Exchange exchange, String uri) {
        return presentation.admitsUri(uri) ? send(exchange) : refuse(exchange, AllServers.noSuchResource(uri));
    }

    private Call complete(Exchange exchange) {
        Message request = exchange.request();
        String ref = request.rawParam("ref");
        if (RawJson.string(ref, "type").equals("ref/resource")) {
            return byUri(exchange, RawJson.string(ref, "uri"));
        }
        String shown = RawJson.string(ref, "name");
        return presentation
                .own(ListKind.PROMPTS, shown)
                .map(own -> send(new Readdressed(
                        exchange, request.withParam("ref", RawJson.withMember(ref, "name", JsonText.quote(own))))))
                .orElseGet(() -> refuse(exchange, RpcError.of(RpcError.INVALID_PARAMS, "Unknown prompt: " + shown)));
    }

    private Call send(Exchange exchange) {
        return router.send(presentation.server(), exchange);
    }

    private static Call refuse(Exchange exchange, RpcError error) {
        exchange.complete(Message.error(exchange.request().id(), error));
        return Call.DONE;
    }

    /** A list on its way back: what is hidden is left out, the rest of the result stays as it is. */
    private record Listing(Exchange inner, ListKind kind, Presentation presentation) implements Exchange {
        @Override
        public Message request() {
            return inner.request();
        }

        @Override
        public Client client() {
            return inner.client();
        }

        @Override
        public void tell(Message notification) {
            inner.tell(notification);
        }

        @Override
        public CompletionStage<Message> ask(Message question) {
            return inner.ask(question);
        }

        @Override
        public void refused(Message question) {
            inner.refused(question);
        }

        @Override
        public void complete(Message response) {
            String array =
                    response.kind() == Message.Kind.RESULT ? JsonText.member(response.result(), kind.member()) : "";
            inner.complete(array.startsWith("[") ? shown(response, array) : response);
        }

        private Message shown(Message response, String array) {
            List<Offer> offers = JsonText.elements(array).stream()
                    .map(raw -> new Offer(RawJson.string(raw, kind.key()), raw))
                    .toList();
            String items = presentation.items(kind, offers).stream()
                    .map(ListItem::text)
                    .collect(Collectors.joining(",", "[", "]"));
            return Message.result(response.id(), RawJson.withMember(response.result(), kind.member(), items));
        }
    }
}
