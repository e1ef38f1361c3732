package org.mcpservermanager.store;

import java.util.UUID;

/** Databases for one test each. */
final class Databases {
    private Databases() {}

    /** In memory; gone with its last connection, so a test holds one. */
    static ConfiguredDataSource inMemory() {
        String url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
        return new ConfiguredDataSource(new DatabaseSettings(url, "sa", ""));
    }
}
