package org.mcpservermanager.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.DirectExchange;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.ManagerClient;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.supervision.Supervisor;

/** A desk for each server, and its tasks: requests that outlast their answers are noted there, and its copies told what they shall do. */
final class Desks {
    private final ManagerClient manager;
    private final Map<Supervisor, Desk> desks = new ConcurrentHashMap<>();
    private final Map<Supervisor, Tasks> tasks = new ConcurrentHashMap<>();

    Desks(Profile managerProfile) {
        this.manager = new ManagerClient(managerProfile);
    }

    Desk of(Supervisor supervisor) {
        return desks.computeIfAbsent(supervisor, found -> {
            Desk desk = new Desk(client -> Apart.is(supervisor, client));
            found.onNotification(notification -> {
                if (notification.method().equals(Tasks.STATUS)) {
                    tasks(found).owner(notification).ifPresent(client -> client.tell(notification));
                } else {
                    desk.audience(notification).forEach(client -> client.tell(notification));
                }
            });
            return desk;
        });
    }

    private Tasks tasks(Supervisor supervisor) {
        return tasks.computeIfAbsent(supervisor, found -> new Tasks());
    }

    /** The exchange that may be begun in its place at the shared copy, or empty: it was refused. */
    Optional<Exchange> admit(Supervisor supervisor, Exchange exchange) {
        return tasks(supervisor).admit(exchange);
    }

    Call begin(Supervisor supervisor, Conversation conversation, Exchange exchange) {
        return switch (exchange.request().method()) {
            case Method.LOGGING_SET_LEVEL -> beginSetLevel(supervisor, conversation, exchange);
            case Method.RESOURCES_SUBSCRIBE -> {
                of(supervisor).watch(exchange.client(), exchange.request().param("uri"));
                yield conversation.begin(exchange);
            }
            case Method.RESOURCES_UNSUBSCRIBE -> beginUnsubscribe(supervisor, conversation, exchange);
            default -> conversation.begin(exchange);
        };
    }

    private Call beginSetLevel(Supervisor supervisor, Conversation conversation, Exchange exchange) {
        String level = exchange.request().param("level");
        String shared = of(supervisor).level(exchange.client(), level);
        boolean own = Apart.is(supervisor, exchange.client());
        boolean isStateless = conversation.peer().era() == Era.MODERN;
        if (own || isStateless || shared.equals(level)) {
            return conversation.begin(exchange);
        }
        return conversation.begin(
                new Readdressed(exchange, exchange.request().withParam("level", JsonText.quote(shared))));
    }

    private Call beginUnsubscribe(Supervisor supervisor, Conversation conversation, Exchange exchange) {
        boolean last =
                of(supervisor).unwatch(exchange.client(), exchange.request().param("uri"));
        if (last || Apart.is(supervisor, exchange.client())) {
            return conversation.begin(exchange);
        }
        exchange.complete(Message.result(exchange.request().id(), "{}"));
        return Call.DONE;
    }

    /** What the client asked of an earlier manager counts again, and the shared copy is told if it is the client's. */
    void resume(Supervisor supervisor, Client client, Wishes wishes) {
        Map<String, List<String>> told = of(supervisor).resume(client, wishes);
        if (!Apart.is(supervisor, client)) {
            supervisor.conversation().ifPresent(shared -> {
                tell(shared, told);
                ListNews.tell(client, shared.peer());
            });
        }
    }

    /** The client's own copy may be another than it had. */
    void inform(Desk desk, Client client, Conversation own) {
        desk.wishesOf(client, own).ifPresent(wishes -> {
            tell(own, wishes);
            ListNews.tell(client, own.peer());
        });
    }

    /** The shared copy is another than it was. */
    void inform(Supervisor supervisor) {
        supervisor.conversation().ifPresent(fresh -> {
            Desk desk = of(supervisor);
            tell(fresh, desk.wishesOfAll());
            desk.sharers().forEach(client -> ListNews.tell(client, fresh.peer()));
            if (fresh.peer().era() == Era.MODERN) {
                desk.levels()
                        .forEach((client, params) -> fresh.begin(
                                new DirectExchange(Message.request("0", Method.LOGGING_SET_LEVEL, params), client)));
            }
        });
    }

    /** @return the servers at which it was known */
    List<Supervisor> detach(Client client) {
        tasks.values().forEach(each -> each.forget(client));
        List<Supervisor> known = new ArrayList<>();
        desks.forEach((supervisor, desk) -> {
            List<String> unwatched = desk.detach(client);
            known.add(supervisor);
            if (!Apart.is(supervisor, client)) {
                supervisor
                        .conversation()
                        .ifPresent(shared -> unwatched.forEach(uri -> tellOwnWish(
                                shared, Method.RESOURCES_UNSUBSCRIBE, "{\"uri\":" + JsonText.quote(uri) + "}")));
            }
        });
        return known;
    }

    void forget(ServerId server) {
        desks.keySet().removeIf(supervisor -> supervisor.spec().id().equals(server));
        tasks.keySet().removeIf(supervisor -> supervisor.spec().id().equals(server));
    }

    private void tell(Conversation copy, Map<String, List<String>> wishes) {
        wishes.forEach((method, all) -> all.forEach(params -> tellOwnWish(copy, method, params)));
    }

    private void tellOwnWish(Conversation copy, String method, String params) {
        copy.begin(new DirectExchange(Message.request("0", method, params), manager));
    }
}
