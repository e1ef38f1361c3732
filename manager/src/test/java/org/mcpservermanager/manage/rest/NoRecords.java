package org.mcpservermanager.manage.rest;

import jakarta.json.JsonObject;
import java.util.List;
import org.mcpservermanager.server.ServerId;

/** A database without rows. */
final class NoRecords implements Records {
    @Override
    public List<JsonObject> history(ServerId server, int limit) {
        return List.of();
    }

    @Override
    public List<JsonObject> deployments(int limit) {
        return List.of();
    }
}
