package org.mcpservermanager.routing;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.supervision.Supervisor;

/** A turnstile for each copy: the shared one of a server, and those of clients that have their own. */
final class Turnstiles {
    /** What is work for a server; the rest is about calls that were let in before. */
    private static final Set<String> COUNTED = Set.of(
            "tools/call",
            "prompts/get",
            "resources/read",
            "completion/complete",
            "tools/list",
            "prompts/list",
            "resources/list",
            "resources/templates/list");

    private final Map<Supervisor, Turnstile> shared = new ConcurrentHashMap<>();
    private final Map<Client, Map<Supervisor, Turnstile>> own = new ConcurrentHashMap<>();

    static boolean counts(Client client, Message request) {
        return !client.isManager() && COUNTED.contains(request.method());
    }

    Turnstile of(Supervisor supervisor, Client client, boolean hasOwnCopy) {
        Map<Supervisor, Turnstile> turnstiles =
                hasOwnCopy ? own.computeIfAbsent(client, c -> new ConcurrentHashMap<>()) : shared;
        return turnstiles.computeIfAbsent(
                supervisor, of -> new Turnstile(of.spec().id().value(), System::nanoTime));
    }

    void forget(Client client) {
        own.remove(client);
    }

    void forget(ServerId server) {
        shared.keySet().removeIf(supervisor -> supervisor.spec().id().equals(server));
    }
}
