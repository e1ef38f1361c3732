package org.mcpservermanager.manage.push;

import jakarta.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.mcpservermanager.manage.EventJson;
import org.mcpservermanager.manage.EventQueue;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Json;

/**
 * Numbers the events, makes their JSON once, when the first client needs it, and gives it to every one that wants it. Keeps the
 * last ones, so that a client that reconnects with the last id it saw misses nothing or is told that it did.
 */
public final class EventHub implements AutoCloseable {
    static final int WAITING_MAX = 4096;
    static final int KEPT_MAX = 512;
    /** Ids of an earlier run of the manager must not be taken for ours. */
    private final String run = Long.toString(RandomGenerator.getDefault().nextLong() >>> 24, Character.MAX_RADIX);
    /** Changed only in the queue, like the two after it; counted from anywhere. */
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();

    private final Deque<Stamped> kept = new ArrayDeque<>();
    private long sequence;
    private final EventQueue queue;

    /** Takes an event without blocking; false when the client is gone. */
    public interface Receiver {
        boolean send(String type, String id, String json);
    }

    /** Used by one thread at a time. */
    private static final class Stamped {
        final long sequence;
        private final Event event;
        private JsonObject json; // null before somebody needs it
        private String text; // as json

        Stamped(long sequence, Event event) {
            this.sequence = sequence;
            this.event = event;
        }

        JsonObject json() {
            if (json == null) {
                json = EventJson.of(event);
                text = json.toString();
            }
            return json;
        }

        String text() {
            json();
            return text;
        }
    }

    private record Client(Subscription subscription, Receiver receiver) {}

    public EventHub(Events events, Executor executor) {
        this.queue = new EventQueue(events, executor, WAITING_MAX, new EventQueue.Sink() {
            @Override
            public void accept(Event event) {
                publish(event);
            }

            @Override
            public void dropped(long count) {
                clients.forEach(client -> sendGap(client.receiver()));
            }
        });
    }

    /**
     * @param lastId the id the client saw last; empty for a new client
     * @return what ends the subscription; empty when there are too many events to take a client now
     */
    Optional<Runnable> subscribe(Subscription subscription, String lastId, Receiver receiver) {
        Client client = new Client(subscription, receiver);
        return queue.run(() -> add(client, lastId))
                // A full queue forgets this; then the client goes when it refuses the next event.
                ? Optional.of(() -> queue.run(() -> clients.remove(client)))
                : Optional.empty();
    }

    private void add(Client client, String lastId) {
        clients.add(client);
        long seen = lastId.isEmpty() ? sequence : seen(lastId);
        if (seen < sequence - kept.size()) {
            sendGap(client.receiver());
        }
        kept.stream().filter(event -> event.sequence > seen).forEach(event -> send(client, event));
    }

    /** Clients that are connected. */
    public int count() {
        return clients.size();
    }

    private void publish(Event event) {
        Stamped stamped = new Stamped(++sequence, event);
        kept.addLast(stamped);
        if (kept.size() > KEPT_MAX) {
            kept.removeFirst();
        }
        clients.forEach(client -> send(client, stamped));
    }

    private void send(Client client, Stamped event) {
        if (client.subscription().wants(event.json())
                && !client.receiver().send(event.json().getString("type"), run + "-" + event.sequence, event.text())) {
            clients.remove(client);
        }
    }

    /** The client's picture may be wrong; it should read the servers again. */
    private static void sendGap(Receiver receiver) {
        receiver.send(
                "gap", "", Json.createObjectBuilder().add("type", "gap").build().toString());
    }

    private long seen(String lastId) {
        int dash = lastId.indexOf('-');
        if (dash < 0 || !lastId.substring(0, dash).equals(run)) {
            return -1;
        }
        try {
            return Math.min(sequence, Long.parseLong(lastId.substring(dash + 1)));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    @Override
    public void close() {
        queue.close();
        clients.clear();
    }
}
