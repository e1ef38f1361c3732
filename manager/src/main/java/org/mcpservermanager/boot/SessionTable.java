package org.mcpservermanager.boot;

import java.time.Instant;
import java.util.List;
import org.mcpservermanager.store.Store;
import org.mcpservermanager.store.StoredSession;

/** The table of the store. */
record SessionTable(Store store) implements StoredSessions.Table {
    @Override
    public List<StoredSession> take(Instant since, int max) {
        return store.takeSessions(since, max);
    }

    @Override
    public void save(List<StoredSession> sessions, List<String> removed) {
        store.saveSessions(sessions, removed);
    }

    @Override
    public void clear() {
        store.removeSessions();
    }
}
