package org.mcpservermanager.manage.rest;

import jakarta.json.JsonObject;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;

/** Makes a spec of one entry of an {@code mcpServers} object. */
public interface SpecReader {
    /**
     * @param source where it was defined, for people
     * @throws org.mcpservermanager.server.ProblemException invalid_configuration, naming the member and what was expected
     */
    ServerSpec read(ServerId id, JsonObject entry, String source);
}
