package org.mcpservermanager.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Hands every event to every listener, in the publisher's thread. Listeners must not block: those that do I/O keep a bounded
 * queue of their own. A listener that throws is logged and kept; the publisher never notices.
 */
public final class Events {
    private static final Logger LOG = Logger.getLogger(Events.class.getName());
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();

    /** Closing the subscription ends it. */
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    public Subscription subscribe(Consumer<Event> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    public void publish(Event event) {
        for (Consumer<Event> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException failure) {
                LOG.log(Level.WARNING, "event listener failed on " + event.type() + " of " + event.server(), failure);
            }
        }
    }
}
