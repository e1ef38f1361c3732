package org.mcpservermanager.gateway;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.routing.Wishes;
import org.mcpservermanager.server.ServerId;

/** The endpoint of one server: nothing is renamed, added or hidden, but for what the operator wrote about this server. */
record OneServer(Router router, ServerId server, Client client) implements Target {
    @Override
    public CompletionStage<Greeting> open() {
        return router.attach(server, client).thenApply(this::greeting);
    }

    @Override
    public boolean resume(SessionWishes wishes) {
        return router.resume(
                server,
                client,
                new Wishes(wishes.level(), List.copyOf(wishes.watched().keySet())));
    }

    @Override
    public Optional<ServerId> ownerOf(String uri) {
        return Optional.of(server);
    }

    @Override
    public Call request(Exchange exchange) {
        return Curtain.of(router, server)
                .map(curtain -> request(exchange, curtain))
                .orElseGet(() -> router.send(server, exchange));
    }

    private Call request(Exchange exchange, Curtain curtain) {
        return curtain.inward(exchange.request())
                .map(own -> router.send(server, new Curtained(exchange, own, curtain)))
                .orElseGet(() -> {
                    exchange.complete(curtain.refusal(exchange.request()));
                    return Call.DONE;
                });
    }

    @Override
    public void notification(Message notification) {
        router.tell(server, client, notification);
    }

    @Override
    public boolean relays(Message notification) {
        return Curtain.of(router, server)
                .map(curtain -> curtain.tells(notification))
                .orElse(true);
    }

    @Override
    public void close() {
        router.detach(client);
    }

    /** A copy shared with others may have agreed on another revision; the client is told its own, see {@link Revisions#answerTo}. */
    private Greeting greeting(Peer peer) {
        String version = client.profile().protocolVersion();
        String result = peer.protocolVersion().equals(version)
                ? peer.initializeResult()
                : RawJson.withMember(peer.initializeResult(), "protocolVersion", JsonText.quote(version));
        return new Greeting(version, result);
    }
}
