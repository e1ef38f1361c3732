package org.mcpservermanager.gateway;

import java.util.List;

/** Where client sessions are written down so that they outlive the manager. Writing must not block; the newest counts. */
public interface SessionBook {
    /** Sessions end with the manager. */
    SessionBook NONE = new SessionBook() {
        @Override
        public List<KeptSession> kept() {
            return List.of();
        }

        @Override
        public void keep(KeptSession session) {
            // nothing outlives the manager
        }

        @Override
        public void forget(String key) {
            // nothing was kept
        }
    };

    /** What the manager before left, the last used first; asked once, at the start. */
    List<KeptSession> kept();

    void keep(KeptSession session);

    void forget(String key);
}
