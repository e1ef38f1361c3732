package org.mcpservermanager.manage.rest;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.time.Instant;
import org.mcpservermanager.manage.ServerJson;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.supervision.Fleet;

/** What there is to see of the servers. */
@Dependent
public final class Reads {
    static final int LINES_MAX = 1000;
    static final int HISTORY_MAX = 1000;
    private final Fleet fleet;
    private final Records records;

    @Inject
    public Reads(Fleet fleet, Records records) {
        this.fleet = fleet;
        this.records = records;
    }

    Reply all() {
        JsonArrayBuilder servers = Json.createArrayBuilder();
        Instant now = Instant.now();
        fleet.servers().forEach(server -> servers.add(ServerJson.of(server, now)));
        return Reply.of(200, servers.build());
    }

    Reply one(ServerId id) {
        return fleet.server(id)
                .map(server -> Reply.of(200, ServerJson.of(server, Instant.now())))
                .orElseThrow(() -> Problems.serverNotFound(id.value()));
    }

    /** The answer to an operation that goes on. */
    Reply accepted(ServerId id) {
        return fleet.server(id)
                .map(server -> Reply.of(
                        202,
                        Reply.success(true)
                                .add("server", ServerJson.of(server, Instant.now()))
                                .build()))
                .orElseThrow(() -> Problems.serverNotFound(id.value()));
    }

    Reply logs(ServerId id, int linesMax) {
        if (fleet.server(id).isEmpty()) {
            throw Problems.serverNotFound(id.value());
        }
        JsonArrayBuilder lines = Json.createArrayBuilder();
        fleet.output(id, linesMax).forEach(output -> lines.add(line(output)));
        return Reply.of(
                200,
                Json.createObjectBuilder()
                        .add("id", id.value())
                        .add("lines", lines)
                        .build());
    }

    /** Also of a server that is gone. */
    Reply history(ServerId id, int limit) {
        return Reply.array(records.history(id, limit));
    }

    private static JsonObject line(Event.Output output) {
        return Json.createObjectBuilder()
                .add("at", output.at().toString())
                .add("stream", output.error() ? "stderr" : "stdout")
                .add("generation", output.generation())
                .add("sequence", output.sequence())
                .add("data", output.line())
                .build();
    }
}
