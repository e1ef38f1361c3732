package org.mcpservermanager.routing;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.supervision.Servers;
import org.mcpservermanager.supervision.Supervisor;

/** The router over the fleet of this manager. */
public final class FleetRouter implements Router {
    private final Servers servers;
    private final Clock clock;
    private final Arrivals arrivals;
    private final ManagerClient manager;
    private final Map<Supervisor, Desk> desks = new ConcurrentHashMap<>();

    /** @param grace how long a call waits for a server that is about to be ready */
    public FleetRouter(Servers servers, Events events, Profile managerProfile, Duration grace, Clock clock) {
        this.servers = servers;
        this.clock = clock;
        this.arrivals = new Arrivals(grace);
        this.manager = new ManagerClient(managerProfile);
        events.subscribe(this::on);
    }

    private void on(Event event) {
        if (event instanceof Event.PhaseChanged change && change.to() == Phase.RUNNING) {
            servers.find(change.server()).ifPresent(this::tellAgain); // before the calls that wait for it
        }
        arrivals.on(event);
        if (event instanceof Event.FleetChanged change && change.change() == Event.FleetChanged.Change.REMOVED) {
            desks.keySet().removeIf(supervisor -> supervisor.spec().id().equals(change.server()));
        }
    }

    @Override
    public Call send(ServerId server, Exchange exchange) {
        Supervisor supervisor = servers.find(server).orElse(null);
        if (supervisor == null) {
            exchange.complete(Message.error(exchange.request().id(), Refusal.unknown(server)));
            return Call.DONE;
        }
        if (hasOwnCopy(supervisor, exchange.client())) {
            return sendWhenOpen(supervisor, exchange, ownCopy(supervisor, exchange.client()));
        }
        Conversation ready = supervisor.conversation().orElse(null);
        return ready == null
                ? sendWhenOpen(supervisor, exchange, arrivals.of(supervisor))
                : sendShared(supervisor, ready, exchange);
    }

    private Call sendWhenOpen(Supervisor supervisor, Exchange exchange, CompletionStage<Conversation> opening) {
        Routed routed = new Routed(exchange, exchange.request(), supervisor.traffic());
        RoutedCall call = new RoutedCall(routed);
        opening.whenComplete((conversation, failure) -> {
            if (failure != null) {
                routed.complete(Message.error(
                        routed.request().id(), Refusal.of(supervisor.snapshot(), failure, clock.instant())));
            } else if (call.isWanted()) {
                call.begun(begin(supervisor, conversation, routed));
            }
        });
        return call;
    }

    private Call sendShared(Supervisor supervisor, Conversation conversation, Exchange exchange) {
        Routed routed = new Routed(exchange, exchange.request(), supervisor.traffic());
        Call begun = begin(supervisor, conversation, routed);
        return reason -> {
            routed.cancelled();
            begun.cancel(reason);
        };
    }

    private Call begin(Supervisor supervisor, Conversation conversation, Routed exchange) {
        return switch (exchange.request().method()) {
            case "logging/setLevel" -> beginSetLevel(supervisor, conversation, exchange);
            case "resources/subscribe" -> {
                desk(supervisor).watch(exchange.client(), exchange.request().param("uri"));
                yield conversation.begin(exchange);
            }
            case "resources/unsubscribe" -> beginUnsubscribe(supervisor, conversation, exchange);
            default -> conversation.begin(exchange);
        };
    }

    private Call beginSetLevel(Supervisor supervisor, Conversation conversation, Routed exchange) {
        String level = exchange.request().param("level");
        String shared = desk(supervisor).level(exchange.client(), level);
        boolean own = hasOwnCopy(supervisor, exchange.client());
        boolean isStateless = conversation.peer().era() == Era.MODERN;
        if (own || isStateless || shared.equals(level)) {
            return conversation.begin(exchange);
        }
        return conversation.begin(
                new Readdressed(exchange, exchange.request().withParam("level", JsonText.quote(shared))));
    }

    private Call beginUnsubscribe(Supervisor supervisor, Conversation conversation, Routed exchange) {
        boolean last =
                desk(supervisor).unwatch(exchange.client(), exchange.request().param("uri"));
        if (last || hasOwnCopy(supervisor, exchange.client())) {
            return conversation.begin(exchange);
        }
        exchange.complete(Message.result(exchange.request().id(), "{}"));
        return Call.DONE;
    }

    @Override
    public void tell(ServerId server, Client client, Message notification) {
        servers.find(server)
                .flatMap(supervisor ->
                        hasOwnCopy(supervisor, client) ? supervisor.sessions().open(client) : supervisor.conversation())
                .ifPresent(conversation -> conversation.tell(notification));
    }

    @Override
    public CompletionStage<Peer> attach(ServerId server, Client client) {
        Supervisor supervisor = servers.find(server).orElse(null);
        if (supervisor == null) {
            return CompletableFuture.failedFuture(new ProblemException(new Problem(
                    Problem.SERVER_NOT_FOUND,
                    "Server '" + server + "' not found",
                    "GET /api/mcp/servers lists them.")));
        }
        CompletionStage<Conversation> opening =
                hasOwnCopy(supervisor, client) ? ownCopy(supervisor, client) : arrivals.of(supervisor);
        return opening.thenApply(conversation -> {
            desk(supervisor).attach(client);
            return conversation.peer();
        });
    }

    @Override
    public boolean resume(ServerId server, Client client, Wishes wishes) {
        Supervisor supervisor = servers.find(server).orElse(null);
        if (supervisor == null) {
            return false;
        }
        Map<String, List<String>> told = desk(supervisor).resume(client, wishes);
        if (!hasOwnCopy(supervisor, client)) {
            supervisor.conversation().ifPresent(shared -> {
                tell(shared, told);
                ListNews.tell(client, shared.peer());
            });
        } else if (!wishes.watched().isEmpty()) {
            // otherwise its next call is soon enough, which also tries again should this fail
            ownCopy(supervisor, client);
        }
        return true;
    }

    @Override
    public void detach(Client client) {
        desks.forEach((supervisor, desk) -> {
            List<String> unwatched = desk.detach(client);
            supervisor.release(client);
            if (!hasOwnCopy(supervisor, client)) {
                supervisor
                        .conversation()
                        .ifPresent(shared -> unwatched.forEach(uri ->
                                tellOwnWish(shared, "resources/unsubscribe", "{\"uri\":" + JsonText.quote(uri) + "}")));
            }
        });
    }

    private static boolean hasOwnCopy(Supervisor supervisor, Client client) {
        return switch (supervisor.spec().isolation()) {
            case SHARED -> false;
            case SESSION -> !client.isManager();
            // a stateless server says itself whose its questions are
            case AUTO ->
                !client.isManager()
                        && client.profile().interactive()
                        && supervisor.era() == Era.LEGACY
                        && client.profile().era() == Era.LEGACY;
        };
    }

    /** A session's copy needs its server RUNNING: what keeps the shared copy down keeps every copy down. */
    private CompletionStage<Conversation> ownCopy(Supervisor supervisor, Client client) {
        Desk desk = desk(supervisor);
        return arrivals.of(supervisor)
                // it may have become known only now what the server speaks
                .thenCompose(shared -> hasOwnCopy(supervisor, client)
                        ? supervisor.sessions().of(client).thenApply(own -> {
                            desk.wishesOf(client, own).ifPresent(wishes -> {
                                tell(own, wishes);
                                ListNews.tell(client, own.peer());
                            });
                            return own;
                        })
                        : CompletableFuture.completedStage(shared));
    }

    private Desk desk(Supervisor supervisor) {
        return desks.computeIfAbsent(supervisor, found -> {
            Desk desk = new Desk(client -> hasOwnCopy(supervisor, client));
            found.onNotification(
                    notification -> desk.audience(notification).forEach(client -> client.tell(notification)));
            return desk;
        });
    }

    private void tellAgain(Supervisor supervisor) {
        supervisor.conversation().ifPresent(fresh -> {
            Desk desk = desk(supervisor);
            tell(fresh, desk.wishesOfAll());
            desk.sharers().forEach(client -> ListNews.tell(client, fresh.peer()));
            if (fresh.peer().era() == Era.MODERN) {
                desk.levels()
                        .forEach((client, params) -> fresh.begin(
                                new DirectExchange(Message.request("0", Method.LOGGING_SET_LEVEL, params), client)));
            }
        });
    }

    private void tell(Conversation copy, Map<String, List<String>> wishes) {
        wishes.forEach((method, all) -> all.forEach(params -> tellOwnWish(copy, method, params)));
    }

    private void tellOwnWish(Conversation copy, String method, String params) {
        copy.begin(new DirectExchange(Message.request("0", method, params), manager));
    }
}
