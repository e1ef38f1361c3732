package org.mcpservermanager.gateway;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.gateway.ModernDialect.Inbound;
import org.mcpservermanager.gateway.modern.Bridge;
import org.mcpservermanager.gateway.modern.RawObject;
import org.mcpservermanager.gateway.modern.Standin;
import org.mcpservermanager.gateway.modern.TaskWatch;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.ServerId;

/** The open {@code subscriptions/listen} requests that the gateway serves itself (basic/patterns/subscriptions). */
final class Listens implements AutoCloseable {
    private static final int OF_CALLER_MAX = 256;

    private final Router router;
    private final Bridge bridge;
    private final TaskGrants grants;
    private final Set<Listen> open = ConcurrentHashMap.newKeySet();
    private final Map<Watched, Integer> watched = new HashMap<>(); // guarded by itself

    /** A resource that a stand-in watches, however many listen. */
    private record Watched(Standin standin, String uri) {}

    Listens(Router router, Bridge bridge) {
        this.router = router;
        this.bridge = bridge;
        this.grants = new TaskGrants(router, bridge);
    }

    /** The filter as far as the server can serve it. */
    void open(Inbound in, ServerId server, Peer peer) {
        ListenFilter wanted = ListenFilter.of(in.message());
        if (TaskGrants.lacks(in, wanted)) {
            return;
        }
        TaskGrants.Granted tasks = grants.at(server, in.caller(), wanted.taskIds());
        Map<ServerId, Set<String>> uris = new LinkedHashMap<>();
        ListenFilter granted = wanted.within(peer.capabilities()).withTasks(tasks.names());
        uris.put(server, granted.uris());
        begin(in, Optional.of(server), new Granted(granted, uris, tasks), (owner, notification) -> Curtain.of(
                        router, owner)
                .map(curtain -> curtain.tells(notification))
                .orElse(true));
    }

    void openAll(Inbound in, Owners owners) {
        ListenFilter wanted = ListenFilter.of(in.message());
        if (!TaskGrants.lacks(in, wanted)) {
            grants.everywhere(in, wanted.taskIds())
                    .thenAccept(tasks -> in.guarded(() -> openAll(in, owners, wanted, tasks)));
        }
    }

    private void openAll(Inbound in, Owners owners, ListenFilter wanted, TaskGrants.Granted tasks) {
        Map<ServerId, Set<String>> uris = new LinkedHashMap<>();
        for (String uri : wanted.uris()) {
            owners.ofUri(uri).ifPresent(server -> uris.computeIfAbsent(server, id -> new LinkedHashSet<>())
                    .add(uri));
        }
        Set<String> owned = new LinkedHashSet<>();
        uris.values().forEach(owned::addAll);
        begin(
                in,
                Optional.empty(),
                new Granted(wanted.withUris(owned).withTasks(tasks.names()), uris, tasks),
                (owner, updated) -> owners.tells(owner, updated.param("uri")));
    }

    /** What a client will hear of, and what that takes. */
    private record Granted(ListenFilter filter, Map<ServerId, Set<String>> uris, TaskGrants.Granted tasks) {}

    private void begin(Inbound in, Optional<ServerId> server, Granted granted, BiPredicate<ServerId, Message> shown) {
        ModernOutlet outlet = in.outlet();
        if (!outlet.takesEvents()) {
            granted.tasks().close();
            throw Refused.invalid(
                    Answer.NOT_ACCEPTABLE, "Accept: text/event-stream is missing (expected with subscriptions/listen)");
        }
        String caller = in.caller();
        if (open.stream().filter(each -> each.caller.equals(caller)).count() >= OF_CALLER_MAX) {
            granted.tasks().close();
            outlet.fail(RpcError.of(
                    RpcError.INTERNAL_ERROR, "Too many open subscriptions (expected: at most " + OF_CALLER_MAX + ")"));
            return;
        }
        Listen listen = new Listen(server, in.http().scope().group(), caller, granted, shown, outlet);
        granted.uris().forEach((owner, each) -> watch(listen, owner, each));
        outlet.putInLine(listen.acknowledgment()); // before anybody can tell it something
        open.add(listen);
        outlet.write();
        granted.tasks().begin(listen, () -> endGracefully(each -> each == listen));
        outlet.onGone(() -> end(listen));
    }

    /** Sent before the acknowledgment, so that the server knows before the client can change anything. */
    private void watch(Listen listen, ServerId server, Set<String> uris) {
        Standin standin = bridge.unasked(server, listen.caller);
        listen.standins.put(standin, uris);
        router.attach(server, standin).whenComplete((peer, failure) -> {
            if (failure == null) {
                uris.forEach(uri -> count(standin, uri, 1));
            }
        });
    }

    private void count(Standin standin, String uri, int more) {
        boolean changes;
        synchronized (watched) {
            int before = watched.getOrDefault(new Watched(standin, uri), 0);
            int now = Math.max(0, before + more);
            changes = before == 0 != (now == 0);
            if (now == 0) {
                watched.remove(new Watched(standin, uri));
            } else {
                watched.put(new Watched(standin, uri), now);
            }
        }
        if (changes) {
            bridge.watch(standin, uri, more > 0);
        }
    }

    private void end(Listen listen) {
        if (open.remove(listen)) {
            listen.tasks.close();
            listen.standins.forEach((standin, uris) -> {
                uris.forEach(uri -> count(standin, uri, -1));
                bridge.release(standin);
            });
        }
    }

    /** What a server says outside of calls to the stand-in of a caller's clients. */
    void on(Standin.Place place, Message notification) {
        boolean isUpdate = notification.method().equals(Method.RESOURCES_UPDATED);
        for (Listen listen : open) {
            boolean meant = listen.caller.equals(place.caller())
                    && listen.server.map(place.server()::equals).orElse(isUpdate);
            if (meant && listen.filter.admits(notification) && listen.shown.test(place.server(), notification)) {
                listen.tell(notification);
            }
        }
    }

    /** A list of all servers of a group changed. */
    void onAggregate(String group, Message notification) {
        for (Listen listen : open) {
            if (listen.server.isEmpty() && listen.group.equals(group) && listen.filter.admits(notification)) {
                listen.tell(notification);
            }
        }
    }

    /** The server is down for good, as far as anybody knows. */
    void endAllOf(ServerId server) {
        endGracefully(listen -> listen.server.filter(server::equals).isPresent());
    }

    int count() {
        return open.size();
    }

    @Override
    public void close() {
        endGracefully(any -> true);
    }

    private void endGracefully(Predicate<Listen> which) {
        List<Listen> ended = open.stream().filter(which).toList();
        ended.forEach(listen -> {
            end(listen);
            listen.outlet.end(listen.result());
        });
    }

    /** One of them. */
    private static final class Listen implements TaskWatch.Reader {
        private final Optional<ServerId> server;
        private final String group;
        private final String caller;
        private final ListenFilter filter;
        private final BiPredicate<ServerId, Message> shown;
        private final ModernOutlet outlet;
        private final TaskGrants.Granted tasks;
        private final Map<Standin, Set<String>> standins = new LinkedHashMap<>(); // not changed once it is open

        private Listen(
                Optional<ServerId> server,
                String group,
                String caller,
                Granted granted,
                BiPredicate<ServerId, Message> shown,
                ModernOutlet outlet) {
            this.server = server;
            this.group = group;
            this.caller = caller;
            this.filter = granted.filter();
            this.tasks = granted.tasks();
            this.shown = shown;
            this.outlet = outlet;
        }

        private Message acknowledgment() {
            return tagged(Message.notification(
                    Method.SUBSCRIPTIONS_ACKNOWLEDGED, "{\"notifications\":" + filter.toJson() + "}"));
        }

        @Override
        public boolean isBehind() {
            return outlet.isBehind();
        }

        @Override
        public void tell(Message notification) {
            outlet.push(tagged(notification));
        }

        private Message tagged(Message notification) {
            return notification.withParam("_meta", meta(notification.rawParam("_meta")));
        }

        private String meta(String before) {
            return RawObject.of(before)
                    .put(Meta.SUBSCRIPTION_ID, outlet.request().id())
                    .toString();
        }

        private Message result() {
            return Message.result(outlet.request().id(), "{\"resultType\":\"complete\",\"_meta\":" + meta("") + "}");
        }
    }
}
