package org.mcpservermanager.routing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;

/**
 * What the clients of one server have asked of it beyond single calls: who listens, who watches which resource, who wants which
 * logs. Survives the copies of the server, so that a new one can be told again.
 */
final class Desk {
    private static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");

    private static final class Entry {
        private final Set<String> watched = new LinkedHashSet<>();
        private String level = "";
        private Conversation informed;
        private boolean resumed; // an earlier manager's copy knew the wishes
    }

    private final Predicate<Client> hasOwnCopy;
    private final IdentityHashMap<Client, Entry> clients = new IdentityHashMap<>(); // guarded by this

    Desk(Predicate<Client> hasOwnCopy) {
        this.hasOwnCopy = hasOwnCopy;
    }

    synchronized void attach(Client client) {
        clients.computeIfAbsent(client, c -> new Entry());
    }

    /** Takes in what the client asked of an earlier manager. @return what the shared copy must be told of it */
    synchronized Map<String, List<String>> resume(Client client, Wishes wishes) {
        Entry entry = clients.computeIfAbsent(client, c -> new Entry());
        entry.watched.addAll(wishes.watched());
        entry.level = entry.level.isEmpty() ? wishes.level() : entry.level;
        entry.resumed = true;
        entry.informed = null;
        Entry told = new Entry();
        told.watched.addAll(entry.watched);
        told.level = entry.level.isEmpty() ? "" : mostVerbose(entry.level);
        return wishes(told);
    }

    /** @return the resources nobody else watches any more */
    synchronized List<String> detach(Client client) {
        Entry gone = clients.remove(client);
        if (gone == null) {
            return List.of();
        }
        return gone.watched.stream().filter(uri -> !isWatched(uri)).toList();
    }

    synchronized void watch(Client client, String uri) {
        clients.computeIfAbsent(client, c -> new Entry()).watched.add(uri);
    }

    /** @return true when nobody watches it any more */
    synchronized boolean unwatch(Client client, String uri) {
        Entry entry = clients.get(client);
        if (entry != null) {
            entry.watched.remove(uri);
        }
        return !isWatched(uri);
    }

    /** @return the most verbose level that any client asked for, which is what a shared copy must be told */
    synchronized String level(Client client, String level) {
        clients.computeIfAbsent(client, c -> new Entry()).level = level;
        return mostVerbose(level);
    }

    private boolean isWatched(String uri) {
        return sharing().anyMatch(each -> each.getValue().watched.contains(uri));
    }

    private String mostVerbose(String otherwise) {
        return sharing()
                .map(each -> each.getValue().level)
                .filter(LEVELS::contains)
                .min(Comparator.comparingInt(LEVELS::indexOf))
                .orElse(otherwise);
    }

    /** Those served by the shared copy; what the others asked of their own copies does not concern it. */
    private Stream<Map.Entry<Client, Entry>> sharing() {
        return clients.entrySet().stream().filter(each -> !hasOwnCopy.test(each.getKey()));
    }

    /** Who is told a notification of the shared copy that belongs to no call. */
    synchronized List<Client> audience(Message notification) {
        if (notification.method().endsWith("/list_changed")) {
            return sharing().map(Map.Entry::getKey).toList();
        }
        if (notification.method().equals("notifications/resources/updated")) {
            String uri = notification.param("uri");
            return sharing()
                    // a server may name a part of what was subscribed to
                    .filter(each -> each.getValue().watched.stream().anyMatch(uri::startsWith))
                    .map(Map.Entry::getKey)
                    .toList();
        }
        // Anything else may carry what only one client may see: deliver it only when there is no doubt.
        List<Client> clientsProper = sharing()
                .map(Map.Entry::getKey)
                .filter(client -> !client.isManager())
                .toList();
        return clientsProper.size() == 1 ? clientsProper : List.of();
    }

    /** What a fresh shared copy must be told so that it behaves as the one before: requests as (method, params). */
    synchronized Map<String, List<String>> wishesOfAll() {
        Entry all = new Entry();
        all.level = mostVerbose("");
        sharing().forEach(each -> all.watched.addAll(each.getValue().watched));
        return wishes(all);
    }

    /** The level that each client asked for, as params: for a shared copy that keeps them apart. */
    synchronized IdentityHashMap<Client, String> levels() {
        IdentityHashMap<Client, String> levels = new IdentityHashMap<>();
        sharing()
                .filter(each -> !each.getValue().level.isEmpty())
                .forEach(
                        each -> levels.put(each.getKey(), "{\"level\":" + JsonText.quote(each.getValue().level) + "}"));
        return levels;
    }

    /** The same for the copy of one client; empty when this copy knows already, or is the first that the client has. */
    synchronized Optional<Map<String, List<String>>> wishesOf(Client client, Conversation copy) {
        Entry entry = clients.computeIfAbsent(client, c -> new Entry());
        boolean isFirst = entry.informed == null && !entry.resumed;
        boolean isNew = entry.informed != copy;
        entry.informed = copy;
        return isFirst || !isNew ? Optional.empty() : Optional.of(wishes(entry));
    }

    /** The clients whose lists may be out of date when there is another shared copy. */
    synchronized List<Client> sharers() {
        return sharing()
                .map(Map.Entry::getKey)
                .filter(client -> !client.isManager())
                .toList();
    }

    private static Map<String, List<String>> wishes(Entry entry) {
        Map<String, List<String>> wishes = new HashMap<>();
        if (!entry.level.isEmpty()) {
            wishes.put("logging/setLevel", List.of("{\"level\":" + JsonText.quote(entry.level) + "}"));
        }
        List<String> watches = new ArrayList<>();
        entry.watched.forEach(uri -> watches.add("{\"uri\":" + JsonText.quote(uri) + "}"));
        if (!watches.isEmpty()) {
            wishes.put("resources/subscribe", watches);
        }
        return wishes;
    }
}
