package org.mcpservermanager.manage;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Optional;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Snapshot;

/** An event on the outside: the members of older managers first, then ours, under the names of {@link ServerJson}. */
public final class EventJson {
    private EventJson() {}

    public static JsonObject of(Event event) {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("type", event.type())
                .add("serverId", event.server().value())
                .add("at", event.at().toString());
        if (event instanceof Event.PhaseChanged changed) {
            addPhase(json, changed);
        } else if (event instanceof Event.ProcessExited exited) {
            json.add("generation", exited.generation()).add("pid", exited.pid()).add("expected", exited.expected());
            addExit(json, exited.exit());
        } else if (event instanceof Event.Output output) {
            json.add("data", output.line())
                    .add("generation", output.generation())
                    .add("sequence", output.sequence());
        } else if (event instanceof Event.HealthChanged changed) {
            json.add("from", ServerJson.word(changed.from()))
                    .add("to", ServerJson.word(changed.to()))
                    .add("issue", changed.issue());
        } else if (event instanceof Event.FleetChanged changed) {
            json.add("change", ServerJson.word(changed.change()));
        } else if (event instanceof Event.ListChanged changed) {
            json.add("method", changed.method());
        } else if (event instanceof Event.Alert alert) {
            json.add("problem", ServerJson.problem(alert.problem()));
            alert.crossing().ifPresent(crossing -> addCrossing(json, crossing));
        }
        return json.build();
    }

    /** One sentence for people who read notifications. */
    public static String sentence(Event event) {
        String rest = "";
        if (event instanceof Event.PhaseChanged changed) {
            rest = changed.cause().map(problem -> ": " + problem.message()).orElse("");
        } else if (event instanceof Event.HealthChanged changed) {
            rest = ": " + ServerJson.word(changed.to()) + (changed.issue().isEmpty() ? "" : ", " + changed.issue());
        } else if (event instanceof Event.Alert alert) {
            rest = ": " + alert.problem().message();
        }
        return event.type() + " " + event.server() + rest;
    }

    private static void addCrossing(JsonObjectBuilder json, Event.Crossing crossing) {
        json.add("rule", ServerJson.word(crossing.rule()))
                .add("value", ServerJson.number(crossing.value()))
                .add("threshold", ServerJson.number(crossing.threshold()))
                .add("unit", crossing.rule().unit());
    }

    private static void addPhase(JsonObjectBuilder json, Event.PhaseChanged changed) {
        Snapshot server = changed.snapshot();
        addOldMembers(json, changed);
        json.add("generation", changed.generation())
                .add("from", ServerJson.word(changed.from()))
                .add("to", ServerJson.word(changed.to()))
                .add("status", changed.to().status())
                .add("health", ServerJson.word(server.health()))
                .add("pid", server.running().pid())
                .add("restartCount", server.counts().restarts())
                .add("failuresInRow", server.counts().failuresInRow());
        changed.cause().ifPresent(problem -> json.add("problem", ServerJson.problem(problem)));
        changed.exit().ifPresent(exit -> json.add("exit", ServerJson.exit(exit)));
        server.failure().retryAt().ifPresent(at -> json.add("nextTryAt", at.toString()));
    }

    private static void addOldMembers(JsonObjectBuilder json, Event.PhaseChanged changed) {
        switch (changed.to()) {
            case STOPPED, EXITED, DISABLED -> addOldExit(json, changed.exit());
            case BACKOFF, FATAL, PARKED -> json.add("error", error(changed));
            case STARTING, RUNNING, STOPPING, RECOVERING -> {
                // The older shape has nothing but the server's id here.
            }
        }
    }

    private static String error(Event.PhaseChanged changed) {
        Optional<String> cause = changed.cause().map(Problem::message);
        return cause.orElseGet(
                () -> changed.exit().map(exit -> "Process ended: " + exit).orElse("Server failed"));
    }

    private static void addOldExit(JsonObjectBuilder json, Optional<Exit> exit) {
        if (exit.isEmpty()) {
            json.addNull("code").addNull("signal");
            return;
        }
        json.add("code", ServerJson.code(exit.get())).add("signal", ServerJson.signal(exit.get()));
    }

    private static void addExit(JsonObjectBuilder json, Exit exit) {
        addOldExit(json, Optional.of(exit));
        json.add("exit", ServerJson.exit(exit));
    }
}
