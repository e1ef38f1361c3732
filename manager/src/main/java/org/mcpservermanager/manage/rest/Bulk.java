package org.mcpservermanager.manage.rest;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.supervision.Fleet;

/** One operation on many servers. The request succeeds when it was understood; each server has its own result. */
@Dependent
public final class Bulk {
    private static final int IDS_MAX = 1000;
    private final Fleet fleet;
    private final Operations operations;

    @Inject
    public Bulk(Fleet fleet, Operations operations) {
        this.fleet = fleet;
        this.operations = operations;
    }

    CompletionStage<Reply> carryOut(String body, Operations.Order order) {
        Map<String, CompletableFuture<Outcome>> outcomes = new LinkedHashMap<>();
        for (String id : ids(body)) {
            outcomes.put(id, outcome(id, order).toCompletableFuture());
        }
        return CompletableFuture.allOf(outcomes.values().toArray(CompletableFuture[]::new))
                .thenApply(all -> Reply.of(200, json(outcomes)));
    }

    Reply begin(String body, Operations.Order order) {
        Map<String, CompletableFuture<Outcome>> refused = new LinkedHashMap<>();
        JsonArrayBuilder accepted = Json.createArrayBuilder();
        for (String id : ids(body)) {
            Optional<Problem> problem =
                    parse(id).map(known -> operations.begin(known, order)).orElseGet(() -> notFound(id));
            problem.map(why -> (Outcome) new Outcome.Failed(Optional.empty(), why))
                    .map(CompletableFuture::completedFuture)
                    .ifPresentOrElse(outcome -> refused.put(id, outcome), () -> accepted.add(id));
        }
        return Reply.of(
                202,
                Json.createObjectBuilder(json(refused))
                        .add("accepted", accepted)
                        .build());
    }

    private CompletionStage<Outcome> outcome(String id, Operations.Order order) {
        return parse(id)
                .map(known -> operations.carryOut(known, order))
                .orElseGet(() -> CompletableFuture.completedStage(
                        new Outcome.Failed(Optional.empty(), notFound(id).orElseThrow())));
    }

    private static Optional<ServerId> parse(String id) {
        return ServerId.isValid(id) ? Optional.of(new ServerId(id)) : Optional.empty();
    }

    private static Optional<Problem> notFound(String id) {
        return Optional.of(Problems.serverNotFound(id).problem());
    }

    private Set<String> ids(String body) {
        JsonValue ids = body.isEmpty() ? null : Intake.object(body).get("ids");
        if (ids == null) {
            List<String> all = new ArrayList<>();
            fleet.servers().forEach(server -> all.add(server.id().value()));
            return new LinkedHashSet<>(all);
        }
        if (!(ids instanceof JsonArray array)
                || array.size() > IDS_MAX
                || !array.stream().allMatch(JsonString.class::isInstance)) {
            throw Problems.invalid(
                    "ids: not an array of strings (expected: at most " + IDS_MAX + " ids of servers)",
                    "Send {\"ids\": [\"a\", \"b\"]}, or no body for all servers.");
        }
        Set<String> chosen = new LinkedHashSet<>();
        array.getValuesAs(JsonString::getString).forEach(chosen::add);
        return chosen;
    }

    private static JsonObject json(Map<String, CompletableFuture<Outcome>> outcomes) {
        JsonArrayBuilder successful = Json.createArrayBuilder();
        JsonArrayBuilder failed = Json.createArrayBuilder();
        JsonObjectBuilder results = Json.createObjectBuilder();
        Instant now = Instant.now();
        outcomes.forEach((id, future) -> {
            Outcome outcome = future.join();
            (outcome instanceof Outcome.Done ? successful : failed).add(id);
            results.add(id, outcome.json(now));
        });
        return Json.createObjectBuilder()
                .add("successful", successful)
                .add("failed", failed)
                .add("results", results)
                .build();
    }
}
