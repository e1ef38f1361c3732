package org.mcpservermanager.gateway;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.gateway.ModernDialect.Inbound;
import org.mcpservermanager.gateway.modern.Abilities;
import org.mcpservermanager.gateway.modern.Translation;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.Product;
import org.mcpservermanager.protocol.RpcError;

/** All servers as one for stateless clients: lists from memory, everything else to the server that owns the name or URI. */
final class ModernAggregate {
    private final ModernServers servers;
    private final Listens listens;
    private final BiFunction<Profile, Scope, Catalogue> catalogues;

    ModernAggregate(ModernServers servers, Listens listens, BiFunction<Profile, Scope, Catalogue> catalogues) {
        this.servers = servers;
        this.listens = listens;
        this.catalogues = catalogues;
    }

    void serve(Inbound in) {
        Catalogue catalogue = catalogue(in);
        boolean searches = in.http().scope().search() || catalogue.group().search();
        if (searches) {
            new SearchTools(catalogue)
                    .request(new Answered(in), exchange -> call(in.unwrapped(exchange.request()), catalogue))
                    .ifPresentOrElse(call -> {}, () -> plain(in, catalogue));
        } else {
            plain(in, catalogue);
        }
    }

    private Call call(Inbound in, Catalogue catalogue) {
        named(in, catalogue, ListKind.TOOLS, "Unknown tool: ");
        return Call.DONE; // the client's stream says when it gives up
    }

    private void plain(Inbound in, Catalogue catalogue) {
        switch (in.message().method()) {
            case Method.SERVER_DISCOVER ->
                in.outlet()
                        .end(Translation.discover(
                                in.message(),
                                AllServers.capabilities(catalogue.hasTasks()),
                                JsonText.quote(AllServers.instructions(catalogue)),
                                Product.INFO));
            case Method.TOOLS_LIST -> page(in, catalogue, ListKind.TOOLS);
            case Method.PROMPTS_LIST -> page(in, catalogue, ListKind.PROMPTS);
            case Method.RESOURCES_LIST -> page(in, catalogue, ListKind.RESOURCES);
            case Method.RESOURCES_TEMPLATES_LIST -> page(in, catalogue, ListKind.TEMPLATES);
            case Method.TOOLS_CALL -> named(in, catalogue, ListKind.TOOLS, "Unknown tool: ");
            case Method.PROMPTS_GET -> named(in, catalogue, ListKind.PROMPTS, "Unknown prompt: ");
            case Method.RESOURCES_READ -> byUri(in, catalogue, in.message().param("uri"));
            case Method.COMPLETION_COMPLETE -> complete(in, catalogue);
            case Method.SUBSCRIPTIONS_LISTEN -> listens.openAll(in, new Owners(catalogue));
            case Method.TASKS_GET, Method.TASKS_UPDATE, Method.TASKS_CANCEL -> servers.forwardTask(in, Product.INFO);
            default -> in.outlet().fail(Translation.methodNotFound(in.message().method()));
        }
    }

    private Catalogue catalogue(Inbound in) {
        Abilities abilities = in.meta().abilities();
        Profile profile = new Profile(
                Revisions.LATEST_LEGACY, abilities.toJson(), Watcher.PLAIN.clientInfo(), !abilities.isNone());
        return catalogues.apply(profile, in.http().scope());
    }

    private static void page(Inbound in, Catalogue catalogue, ListKind kind) {
        catalogue
                .list(kind)
                .page(in.message().param("cursor"))
                .ifPresentOrElse(
                        page -> in.outlet().end(Translation.result(in.message(), page, Product.INFO)), () -> in.outlet()
                                .fail(RpcError.of(
                                        RpcError.INVALID_PARAMS,
                                        "Invalid cursor (expected: the nextCursor of a "
                                                + in.message().method() + " result)")));
    }

    private void named(Inbound in, Catalogue catalogue, ListKind kind, String unknown) {
        Message request = in.message();
        String name = request.param("name");
        Owners owners = new Owners(catalogue);
        Optional<ListItem> item = owners.ofName(kind, name)
                .or(() -> in.meta().abilities().isNone() ? Optional.empty() : owners.byForm(kind, name));
        item.ifPresentOrElse(
                found -> servers.forward(
                        in, found.server(), request.withParam("name", JsonText.quote(found.own())), Product.INFO),
                () -> in.outlet().fail(RpcError.of(RpcError.INVALID_PARAMS, unknown + name)));
    }

    private void byUri(Inbound in, Catalogue catalogue, String uri) {
        new Owners(catalogue)
                .ofUri(uri)
                .ifPresentOrElse(server -> servers.forward(in, server, in.message(), Product.INFO), () -> in.outlet()
                        .fail(Translation.notFound(uri, "Resource not found", "")));
    }

    private void complete(Inbound in, Catalogue catalogue) {
        String ref = in.message().rawParam("ref");
        if (RawJson.string(ref, "type").equals("ref/resource")) {
            byUri(in, catalogue, RawJson.string(ref, "uri"));
            return;
        }
        String name = RawJson.string(ref, "name");
        new Owners(catalogue)
                .ofName(ListKind.PROMPTS, name)
                .ifPresentOrElse(
                        item -> servers.forward(
                                in,
                                item.server(),
                                in.message()
                                        .withParam("ref", RawJson.withMember(ref, "name", JsonText.quote(item.own()))),
                                Product.INFO),
                        () -> in.outlet().fail(RpcError.of(RpcError.INVALID_PARAMS, "Unknown prompt: " + name)));
    }

    /** What the gateway answers by itself. */
    private record Answered(Inbound in) implements Exchange {
        @Override
        public Message request() {
            return in.message();
        }

        @Override
        public Client client() {
            throw new IllegalStateException(
                    "no server is asked by " + in.message().method());
        }

        @Override
        public void tell(Message notification) {
            // it is answered at once
        }

        @Override
        public CompletionStage<Message> ask(Message question) {
            throw new IllegalStateException("nobody asks within " + question.method());
        }

        @Override
        public void complete(Message response) {
            in.outlet().end(Translation.toModern(in.message(), response, Product.INFO));
        }
    }
}
