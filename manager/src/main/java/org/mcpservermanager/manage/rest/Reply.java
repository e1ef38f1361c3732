package org.mcpservermanager.manage.rest;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import org.mcpservermanager.security.ProblemJson;
import org.mcpservermanager.server.Problem;

/** What a client gets: a status and a body that is JSON, or nothing. */
record Reply(int status, String json) {
    static final Reply ACCEPTED = new Reply(202, "");

    static Reply of(int status, JsonValue json) {
        return new Reply(status, json.toString());
    }

    static Reply of(Problem problem) {
        return of(Statuses.of(problem), ProblemJson.of(problem).build());
    }

    /** The head of the answers to operations, as older clients know it. */
    static JsonObjectBuilder success(boolean success) {
        return Json.createObjectBuilder().add("success", success);
    }

    byte[] bytes() {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
