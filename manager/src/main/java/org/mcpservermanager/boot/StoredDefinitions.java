package org.mcpservermanager.boot;

import java.util.Map;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.store.Store;

/** Those of the store. */
record StoredDefinitions(Store store) implements Definitions {
    @Override
    public Map<ServerId, String> all() {
        return store.definitions();
    }

    @Override
    public void save(ServerId server, String spec) {
        store.saveDefinition(server, spec);
    }

    @Override
    public void forget(ServerId server) {
        store.forgetDefinition(server);
    }

    @Override
    public void remove(ServerId server) {
        store.removeDefinition(server);
    }
}
