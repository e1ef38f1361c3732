package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;

/** What the database keeps of servers, whichever persistence provider the application server has. */
@OnServer
class RecordsIT {
    private static final String ID = "records";
    private Api api;

    @BeforeEach
    void connect() {
        api = Api.of(ManagerUnderTest.get());
    }

    @AfterEach
    void removeServer() {
        api.remove(ID);
    }

    @Test
    void everyRunIsADeploymentAndEveryChangeOfPhaseIsHistory() {
        int before = changes().size();
        api.run(ID, Launching.command(EchoServer.class));
        awaitDeployments(List.of("RUNNING"));
        api.post("/api/mcp/servers/" + ID + "/stop", "");
        awaitDeployments(List.of("STOPPED"));
        api.post("/api/mcp/servers/" + ID + "/start", "");
        awaitDeployments(List.of("RUNNING", "STOPPED"));

        List<String> expected = List.of("starting", "running", "stopping", "stopped", "starting", "running");
        Api.until(() -> changes().size() == before + expected.size(), () -> "changes: " + changes());
        assertEquals(expected, changes().subList(before, changes().size()));
    }

    private List<String> changes() {
        List<String> changes =
                new ArrayList<>(list("/api/mcp/servers/" + ID + "/history?limit=100", row -> true).stream()
                        .map(row -> row.getString("to"))
                        .toList());
        Collections.reverse(changes);
        return changes;
    }

    private void awaitDeployments(List<String> newestFirst) {
        Api.until(() -> deployments().equals(newestFirst), () -> newestFirst + "; there are " + deployments());
    }

    private List<String> deployments() {
        return list("/api/mcp/deployments?limit=1000", row -> row.getString("slug")
                        .equals(ID))
                .stream()
                .limit(2)
                .map(row -> row.getString("status"))
                .toList();
    }

    private List<JsonObject> list(String path, Predicate<JsonObject> wanted) {
        try (JsonReader reader =
                Json.createReader(new StringReader(api.get(path).body()))) {
            return reader.readArray().getValuesAs(JsonObject.class).stream()
                    .filter(wanted)
                    .toList();
        }
    }
}
