package org.mcpservermanager.manage.rest;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Optional;
import org.mcpservermanager.manage.ServerJson;
import org.mcpservermanager.security.ProblemJson;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Snapshot;

/** How an operation on a server ended. */
sealed interface Outcome {
    record Done(Snapshot server) implements Outcome {}

    record Failed(Optional<Snapshot> server, Problem problem) implements Outcome {}

    static Outcome ofStart(Snapshot server) {
        return server.phase() == Phase.RUNNING
                ? new Done(server)
                : new Failed(Optional.of(server), whyNotRunning(server));
    }

    /** As a start, but that the old copy serves on is no success. */
    static Outcome ofReplacement(Snapshot server) {
        return server.failure()
                .problem()
                .filter(problem ->
                        server.phase() == Phase.RUNNING && problem.code().equals(Problem.REPLACEMENT_FAILED))
                .<Outcome>map(problem -> new Failed(Optional.of(server), problem))
                .orElseGet(() -> ofStart(server));
    }

    static Outcome ofStop(Snapshot server) {
        if (!server.failure().stuck()) {
            return new Done(server);
        }
        // the server's own problem is why it failed before, not why this stop did
        Problem left = new Problem(
                Statuses.STOP_INCOMPLETE,
                "Server '" + server.id() + "' was stopped, but some of its processes are still alive.",
                "Look for them in the process list of the host; they may wait for a device or a network file system.");
        return new Failed(Optional.of(server), left);
    }

    static Outcome late(Snapshot server, String what) {
        return new Failed(
                Optional.of(server),
                new Problem(
                        Problem.TIMEOUT,
                        "Server '" + server.id() + "' is still " + ServerJson.word(server.phase()) + "; the " + what
                                + " goes on.",
                        "Ask again with GET /api/mcp/servers/" + server.id() + ", or follow /api/mcp/events."));
    }

    default int status() {
        return this instanceof Failed failed ? Statuses.of(failed.problem()) : 200;
    }

    /** The answer to an operation; the members of a problem are there only when it failed. */
    default JsonObject json(Instant now) {
        if (this instanceof Done done) {
            return Reply.success(true)
                    .add("server", ServerJson.of(done.server(), now))
                    .build();
        }
        Failed failed = (Failed) this;
        JsonObjectBuilder json = Reply.success(false).addAll(ProblemJson.of(failed.problem()));
        failed.server().ifPresent(server -> json.add("server", ServerJson.of(server, now)));
        return json.build();
    }

    private static Problem whyNotRunning(Snapshot server) {
        return switch (server.phase()) {
            case DISABLED ->
                new Problem(
                        Statuses.SERVER_DISABLED,
                        "Server '" + server.id() + "' is disabled by its definition.",
                        "Set enabled to true in " + server.spec().source() + ".");
            case STOPPED, STOPPING ->
                new Problem(
                        Statuses.SUPERSEDED,
                        "Server '" + server.id() + "' was stopped by somebody else before it was running.",
                        "Start it again if that was not intended.");
            default ->
                server.failure()
                        .problem()
                        .orElseGet(() -> new Problem(
                                Problem.PROCESS_EXITED,
                                "Server '" + server.id() + "' is " + ServerJson.word(server.phase())
                                        + " instead of running"
                                        + server.failure()
                                                .exit()
                                                .map(exit -> ": it ended with " + exit)
                                                .orElse("") + ".",
                                "Read its output with GET /api/mcp/servers/" + server.id() + "/logs."));
        };
    }
}
