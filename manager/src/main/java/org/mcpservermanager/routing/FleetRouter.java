package org.mcpservermanager.routing;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.supervision.Servers;
import org.mcpservermanager.supervision.Supervisor;

/** The router over the fleet of this manager. */
public final class FleetRouter implements Router {
    /** A call of a client's own copy fails before that copy is known to be gone. */
    private static final Executor NEWS_OF_THE_END = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);

    private final Servers servers;
    private final Clock clock;
    private final Arrivals arrivals;
    private final Desks desks;
    private final Losses losses;
    private final Turnstiles turnstiles = new Turnstiles();
    private volatile BiPredicate<ServerId, String> harmless = (server, tool) -> false;

    /** @param grace how long a call waits for a server that is about to be ready */
    public FleetRouter(Servers servers, Events events, Profile managerProfile, Duration grace, Clock clock) {
        this.servers = servers;
        this.clock = clock;
        this.arrivals = new Arrivals(grace);
        this.desks = new Desks(managerProfile);
        this.losses = new Losses(clock);
        events.subscribe(this::on);
    }

    private void on(Event event) {
        if (event instanceof Event.PhaseChanged change && change.to() == Phase.RUNNING) {
            servers.find(change.server()).ifPresent(desks::inform); // before the calls that wait for it
        }
        losses.on(event);
        arrivals.on(event);
        if (event instanceof Event.FleetChanged change && change.change() == Event.FleetChanged.Change.REMOVED) {
            desks.forget(change.server());
            turnstiles.forget(change.server());
        }
    }

    @Override
    public void harmless(BiPredicate<ServerId, String> tools) {
        harmless = tools;
    }

    @Override
    public Optional<ServerSpec> spec(ServerId server) {
        return servers.find(server).map(Supervisor::spec);
    }

    @Override
    public Call send(ServerId server, Exchange exchange) {
        Supervisor supervisor = servers.find(server).orElse(null);
        if (supervisor == null) {
            exchange.complete(Message.error(exchange.request().id(), Refusal.unknown(server)));
            return Call.DONE;
        }
        Optional<RpcError> hidden = exchange.client().isManager()
                ? Optional.empty()
                : Hidden.refusal(supervisor.spec().exposure(), exchange.request());
        if (hidden.isPresent()) {
            exchange.complete(Message.error(exchange.request().id(), hidden.get()));
            return Call.DONE;
        }
        boolean own = Apart.is(supervisor, exchange.client());
        Optional<Exchange> admitted = own ? Optional.of(exchange) : desks.admit(supervisor, exchange);
        return admitted.map(each -> sendInTurn(supervisor, each, own)).orElse(Call.DONE);
    }

    private Call sendInTurn(Supervisor supervisor, Exchange exchange, boolean own) {
        Routed routed = new Routed(exchange, supervisor, losses);
        RoutedCall call = new RoutedCall(routed);
        if (!Turnstiles.counts(exchange.client(), exchange.request())) {
            route(supervisor, routed, call, own);
            return call;
        }
        Turnstile turnstile = turnstiles.of(supervisor, exchange.client(), own);
        turnstile.enter(supervisor.spec().quota(), arrivals.grace()).whenComplete((turn, failure) -> {
            if (failure != null) {
                refuse(supervisor, routed, failure);
                return;
            }
            routed.onEnd(turnstile::leave);
            if (call.isWanted()) {
                route(supervisor, routed, call, own);
            }
        });
        return call;
    }

    private void route(Supervisor supervisor, Routed routed, RoutedCall call, boolean own) {
        Optional<Conversation> ready = own ? Optional.empty() : supervisor.conversation();
        if (ready.isPresent()) {
            begin(supervisor, ready.get(), routed, call);
            return;
        }
        CompletionStage<Conversation> opening = own ? ownCopy(supervisor, routed.client()) : arrivals.of(supervisor);
        opening.whenComplete((conversation, failure) -> {
            if (failure != null) {
                refuse(supervisor, routed, failure);
            } else if (call.isWanted()) {
                begin(supervisor, conversation, routed, call);
            }
        });
    }

    private void begin(Supervisor supervisor, Conversation conversation, Routed routed, RoutedCall call) {
        routed.sentTo(conversation);
        call.begun(desks.begin(supervisor, conversation, repeatable(supervisor, conversation, routed, call)));
    }

    private void refuse(Supervisor supervisor, Routed routed, Throwable failure) {
        routed.complete(
                Message.error(routed.request().id(), Refusal.of(supervisor.snapshot(), failure, clock.instant())));
    }

    private Exchange repeatable(Supervisor supervisor, Conversation conversation, Routed routed, RoutedCall call) {
        boolean repeats = supervisor.spec().quota().repeats()
                && Harmless.is(supervisor.spec().id(), routed.request(), harmless);
        return repeats ? new Repeated(routed, lost -> repeat(supervisor, conversation, routed, call, lost)) : routed;
    }

    /** Once, at another copy than the one that was lost. */
    private void repeat(Supervisor supervisor, Conversation before, Routed routed, RoutedCall call, Message lost) {
        boolean own = Apart.is(supervisor, routed.client());
        CompletionStage<Conversation> opening = own
                ? CompletableFuture.supplyAsync(() -> ownCopy(supervisor, routed.client()), NEWS_OF_THE_END)
                        .thenCompose(copy -> copy)
                : arrivals.after(before, supervisor);
        opening.whenComplete((conversation, failure) -> {
            if (failure != null || conversation == before) {
                routed.complete(lost);
            } else if (call.isWanted()) {
                routed.sentTo(conversation);
                call.begun(desks.begin(supervisor, conversation, routed));
            }
        });
    }

    @Override
    public void tell(ServerId server, Client client, Message notification) {
        servers.find(server)
                .flatMap(supervisor ->
                        Apart.is(supervisor, client) ? supervisor.sessions().open(client) : supervisor.conversation())
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
                Apart.is(supervisor, client) ? ownCopy(supervisor, client) : arrivals.of(supervisor);
        return opening.thenApply(conversation -> {
            desks.of(supervisor).attach(client);
            return conversation.peer();
        });
    }

    @Override
    public boolean resume(ServerId server, Client client, Wishes wishes) {
        Supervisor supervisor = servers.find(server).orElse(null);
        if (supervisor == null) {
            return false;
        }
        desks.resume(supervisor, client, wishes);
        if (Apart.is(supervisor, client) && !wishes.watched().isEmpty()) {
            // otherwise its next call is soon enough, which also tries again should this fail
            ownCopy(supervisor, client);
        }
        return true;
    }

    @Override
    public void detach(Client client) {
        turnstiles.forget(client);
        desks.detach(client).forEach(supervisor -> supervisor.release(client));
    }

    /** The first start of one may take as long as it takes, a start of the next one is waited for as for any restart. */
    private CompletionStage<Conversation> sessionCopy(Supervisor supervisor, Client client) {
        boolean isNext = supervisor.sessions().hasServed(client);
        CompletionStage<Conversation> copy = supervisor.sessions().of(client);
        return isNext ? arrivals.within(supervisor.spec().id(), copy) : copy;
    }

    /** A session's copy needs its server RUNNING: what keeps the shared copy down keeps every copy down. */
    private CompletionStage<Conversation> ownCopy(Supervisor supervisor, Client client) {
        Desk desk = desks.of(supervisor);
        return arrivals.of(supervisor)
                // it may have become known only now what the server speaks
                .thenCompose(shared -> Apart.is(supervisor, client)
                        ? sessionCopy(supervisor, client).thenApply(own -> {
                            desks.inform(desk, client, own);
                            return own;
                        })
                        : CompletableFuture.completedStage(shared));
    }
}
