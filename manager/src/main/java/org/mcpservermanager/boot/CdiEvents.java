package org.mcpservermanager.boot;

import java.util.concurrent.Executor;
import org.mcpservermanager.manage.EventQueue;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;

/** Hands every event to the CDI observers of the application, {@code @ObservesAsync org.mcpservermanager.server.Event}. */
final class CdiEvents {
    private static final int WAITING_MAX = 1024;

    private CdiEvents() {}

    static EventQueue open(Events events, Executor executor, jakarta.enterprise.event.Event<Event> bus) {
        return new EventQueue(events, executor, WAITING_MAX, new EventQueue.Sink() {
            @Override
            public void accept(Event event) {
                bus.fireAsync(event);
            }

            @Override
            public void dropped(long count) {
                // Observers that must not miss a change read the fleet; the database has the history.
            }
        });
    }
}
