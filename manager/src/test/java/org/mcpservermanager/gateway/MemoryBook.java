package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A book that one gateway leaves to the next. */
final class MemoryBook implements SessionBook {
    final Map<String, KeptSession> rows = new LinkedHashMap<>();

    @Override
    public List<KeptSession> kept() {
        return new ArrayList<>(rows.values());
    }

    @Override
    public void keep(KeptSession session) {
        rows.put(session.key(), session);
    }

    @Override
    public void forget(String key) {
        rows.remove(key);
    }
}
