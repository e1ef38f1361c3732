package org.mcpservermanager.boot;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.List;
import java.util.Locale;
import org.mcpservermanager.manage.rest.Records;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.store.Deployment;
import org.mcpservermanager.store.Store;
import org.mcpservermanager.store.Transition;

/** The records of the database in the words of the REST API. */
final class StoredRecords implements Records {
    private final Store store;

    StoredRecords(Store store) {
        this.store = store;
    }

    @Override
    public List<JsonObject> history(ServerId server, int limit) {
        return store.history(server, limit).stream().map(StoredRecords::json).toList();
    }

    @Override
    public List<JsonObject> deployments(int limit) {
        return store.deployments(limit).stream().map(StoredRecords::json).toList();
    }

    private static JsonObject json(Transition transition) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("serverId", transition.server().value())
                .add("generation", transition.generation())
                .add("from", word(transition.from()))
                .add("to", word(transition.to()))
                .add("at", transition.at().toString());
        transition.cause().ifPresent(cause -> json.add("code", cause.code()).add("message", cause.message()));
        transition.exit().ifPresent(exit -> json.add("exit", exit.toString()));
        return json.build();
    }

    private static JsonObject json(Deployment deployment) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", deployment.id())
                .add("serverId", deployment.server().value())
                .add("slug", deployment.slug())
                .add("endpointUrl", deployment.endpoint().toString())
                .add("status", deployment.status().name())
                .add("health", word(deployment.health()))
                .add("deployedAt", deployment.deployedAt().toString());
        deployment.lastCheck().ifPresent(at -> json.add("lastCheck", at.toString()));
        deployment.stoppedAt().ifPresent(at -> json.add("stoppedAt", at.toString()));
        return json.build();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
