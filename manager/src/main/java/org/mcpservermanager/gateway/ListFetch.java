package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.logging.Logger;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/** Reads one list of one server, page by page. */
final class ListFetch {
    private static final Logger LOG = Logger.getLogger(ListFetch.class.getName());

    private final Router router;
    private final Client client;
    private final ServerId server;
    private final ListKind kind;
    private final GatewaySettings.Catalogue limits;
    private final List<Offer> items = new ArrayList<>(); // pages come one after the other
    private final CompletableFuture<List<Offer>> done = new CompletableFuture<>();
    private int pages;

    ListFetch(Router router, Client client, ServerId server, ListKind kind, GatewaySettings.Catalogue limits) {
        this.router = router;
        this.client = client;
        this.server = server;
        this.kind = kind;
        this.limits = limits;
    }

    /** A list that could not be read. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    /** Completes with the items, or exceptionally with {@link Failed}. */
    CompletionStage<List<Offer>> start() {
        request("");
        return done;
    }

    private void request(String cursor) {
        String params = cursor.isEmpty() ? "" : "{\"cursor\":" + cursor + "}";
        Message request = Message.request(Integer.toString(pages + 1), kind.method(), params);
        router.send(server, new PageRequest(request));
    }

    private void onPage(Message response) {
        if (response.kind() == Message.Kind.ERROR) {
            onError(response.error());
            return;
        }
        pages++;
        String array = JsonText.member(response.result(), kind.member());
        if (!array.startsWith("[")) {
            done.completeExceptionally(new Failed(
                    kind.method() + " of server " + server + ": the result has no array \"" + kind.member() + "\""));
            return;
        }
        JsonText.elements(array).forEach(this::add);
        String next = JsonText.member(response.result(), "nextCursor");
        boolean more = next.startsWith("\"");
        if (items.size() > limits.itemsMax() || more && pages >= limits.pagesMax()) {
            LOG.warning(() -> kind.method() + " of server " + server + " is longer than " + limits.itemsMax()
                    + " items or " + limits.pagesMax() + " pages; the aggregate shows the first "
                    + Math.min(items.size(), limits.itemsMax()));
            done.complete(items.subList(0, Math.min(items.size(), limits.itemsMax())));
        } else if (more) {
            request(next);
        } else {
            done.complete(items);
        }
    }

    private void onError(String error) {
        if (JsonText.member(error, "code").equals(Integer.toString(RpcError.METHOD_NOT_FOUND))) {
            done.complete(List.of());
        } else {
            done.completeExceptionally(new Failed(kind.method() + " of server " + server + " failed: "
                    + Text.oneLine(RawJson.string(error, "message"), 200)));
        }
    }

    private void add(String raw) {
        String own = RawJson.string(raw, kind.key());
        if (own.isEmpty()) {
            LOG.warning(
                    () -> kind.method() + " of server " + server + ": an item without " + kind.key() + " is left out");
        } else if (items.size() <= limits.itemsMax()) {
            items.add(new Offer(own, raw));
        }
    }

    private final class PageRequest implements Exchange {
        private final Message request;
        private boolean over; // completions of one exchange may race only with late duplicates; guarded by this

        private PageRequest(Message request) {
            this.request = request;
        }

        @Override
        public Message request() {
            return request;
        }

        @Override
        public Client client() {
            return client;
        }

        @Override
        public void tell(Message notification) {
            // nobody listens to the progress of a list
        }

        @Override
        public void complete(Message response) {
            synchronized (this) {
                if (over) {
                    return;
                }
                over = true;
            }
            try {
                onPage(response);
            } catch (RuntimeException unreadable) {
                done.completeExceptionally(unreadable);
            }
        }
    }
}
