package org.mcpservermanager.manage.rest;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.config.Secrets;
import org.mcpservermanager.manage.ServerJson;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.Fleet;

/** Servers that come and go by request instead of by file. */
@Dependent
public final class Definitions {
    private final Fleet fleet;
    private final SpecReader reader;
    private final Patience patience;

    @Inject
    public Definitions(Fleet fleet, SpecReader reader, ScheduledExecutorService executor) {
        this.fleet = fleet;
        this.reader = reader;
        this.patience = new Patience(executor);
    }

    /** @param body an entry of {@code mcpServers} with the additional member {@code id} */
    Reply define(String body) {
        JsonObject entry = Intake.object(body);
        ServerId id = id(entry);
        ServerSpec spec = reader.read(id, Secrets.unmasked(withoutId(entry)), "api");
        fleet.add(List.of(spec));
        Snapshot added = fleet.server(id).orElseThrow(() -> Problems.serverNotFound(id.value()));
        return Reply.of(
                201,
                Reply.success(true)
                        .add("server", ServerJson.of(added, Instant.now()))
                        .build());
    }

    /** @param body as for {@link #define}; {@code id} may be left out */
    CompletionStage<Reply> update(ServerId id, String body) {
        Snapshot server = fleet.server(id).orElseThrow(() -> Problems.serverNotFound(id.value()));
        JsonObject entry = Intake.object(body);
        if (entry.containsKey("id") && !id(entry).equals(id)) {
            throw invalid("id: \"" + id(entry) + "\" (expected: \"" + id + "\", as in the path)");
        }
        JsonObject complete = Secrets.unmasked(withoutId(entry), server.spec().wire());
        ServerSpec spec = reader.read(id, complete, "api");
        return patience.within(
                        Operations.limit(server.spec(), Operations.Verb.RESTART),
                        () -> fleet.update(spec).thenApply(after -> updated(server.spec(), after)),
                        () -> Outcome.late(fleet.server(id).orElse(server), "update"))
                .exceptionally(failure -> new Outcome.Failed(fleet.server(id), Problems.of(failure)))
                .thenApply(outcome -> Reply.of(outcome.status(), outcome.json(Instant.now())));
    }

    private static JsonObject withoutId(JsonObject entry) {
        return Json.createObjectBuilder(entry).remove("id").build();
    }

    private static Outcome updated(ServerSpec before, Snapshot after) {
        if (after.wish() != Wish.UP || !after.spec().enabled()) {
            return Outcome.ofStop(after);
        }
        return before.launchesAs(after.spec()) ? Outcome.ofStart(after) : Outcome.ofReplacement(after);
    }

    CompletionStage<Reply> remove(ServerId id) {
        Snapshot server = fleet.server(id).orElseThrow(() -> Problems.serverNotFound(id.value()));
        return patience.within(
                        Operations.limit(server.spec(), Operations.Verb.STOP),
                        () -> fleet.remove(id).thenApply(Outcome::ofStop),
                        () -> Outcome.late(fleet.server(id).orElse(server), "removal"))
                .thenApply(outcome -> Reply.of(outcome.status(), outcome.json(Instant.now())));
    }

    private static ServerId id(JsonObject entry) {
        if (!(entry.get("id") instanceof JsonString id)) {
            throw invalid("id: missing or not a string (expected: the id of the new server)");
        }
        try {
            return new ServerId(id.getString());
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static ProblemException invalid(String message) {
        return new ProblemException(new Problem(
                Problem.INVALID_CONFIGURATION, message, "Send {\"id\": \"my-server\", \"command\": \"...\", ...}."));
    }
}
