package org.mcpservermanager.manage.rest;

import jakarta.json.JsonObject;
import java.util.List;
import org.mcpservermanager.server.ServerId;

/** What the database keeps of servers; each call waits for it. */
public interface Records {
    /** Changes of phase, newest first; also of servers that are gone. */
    List<JsonObject> history(ServerId server, int limit);

    /** Deployments of all servers, newest first. */
    List<JsonObject> deployments(int limit);
}
