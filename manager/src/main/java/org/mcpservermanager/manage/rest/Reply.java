package org.mcpservermanager.manage.rest;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.mcpservermanager.security.ProblemJson;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Problem;

/** What a client gets: a status and a body that is JSON, or nothing. */
record Reply(int status, String json) {
    static final Reply ACCEPTED = new Reply(202, "");

    static Reply of(int status, JsonValue json) {
        return new Reply(status, json.toString());
    }

    static Reply array(List<JsonObject> all) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        all.forEach(array::add);
        return of(200, array.build());
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
