package org.mcpservermanager.boot;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.store.Backlog;
import org.mcpservermanager.store.Store;
import org.mcpservermanager.store.WriteBehind;
import org.mcpservermanager.supervision.Wishes;

/** Writes wishes to the database at once, but behind the back of supervision, which must not wait for it. */
final class StoredWishes implements Wishes, AutoCloseable {
    private final WriteBehind behind;
    private final Backlog<ServerId, Wish> waiting = new Backlog<>();

    /** @param writer one thread, owned from now on */
    StoredWishes(Store store, ExecutorService writer, ScheduledExecutorService timer) {
        behind = new WriteBehind("wishes", () -> waiting.write(store::saveWishes), writer, timer);
    }

    @Override
    public void save(ServerId server, Wish wish) {
        waiting.put(server, wish);
        behind.writeNow();
    }

    @Override
    public void close() {
        behind.close();
    }
}
