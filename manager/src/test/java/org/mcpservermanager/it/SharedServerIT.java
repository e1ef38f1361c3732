package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.fixture.ConformanceServer;
import org.mcpservermanager.fixture.Launching;

/** Stateless clients at an older server that has one copy for all of them. */
@OnServer
class SharedServerIT {
    private static final String ID = "shared-front";
    private static final String TOOL = "test_input_required_result_elicitation";
    private Api api;

    @BeforeEach
    void runServer() {
        api = Api.of(ManagerUnderTest.get());
        api.define(ID, Launching.command(ConformanceServer.class, "shared"), ",\"isolation\":\"shared\"");
        api.awaitPhase(ID, "running");
    }

    @AfterEach
    void removeServer() {
        api.remove(ID);
    }

    private static StatelessClient client(String capabilities) {
        ManagerUnderTest manager = ManagerUnderTest.get();
        return new StatelessClient(
                manager.baseUri().resolve("/servers/" + ID + "/mcp"), manager.adminKey(), capabilities);
    }

    private static JsonObject tool(String name, String more) {
        return McpClient.parse("{\"name\":\"" + name + "\",\"arguments\":{}" + more + "}");
    }

    private static String askedAndAnswered(int who) {
        StatelessClient client = client("{\"elicitation\":{}}");
        JsonObject asked = client.call("tools/call", tool(TOOL, "")).result();
        assertEquals("input_required", asked.getString("resultType"), asked.toString());
        var answers = Json.createObjectBuilder();
        JsonObject answer = McpClient.parse("{\"action\":\"accept\",\"content\":{\"name\":\"client " + who + "\"}}");
        asked.getJsonObject("inputRequests").keySet().forEach(key -> answers.add(key, answer));
        String more =
                ",\"requestState\":" + asked.getJsonString("requestState") + ",\"inputResponses\":" + answers.build();
        return client.call("tools/call", tool(TOOL, more)).result().toString();
    }

    @Test
    void everyClientIsAskedItsOwnQuestionAlthoughAllCallAtOnce() {
        List<CompletableFuture<String>> all = IntStream.range(0, 6)
                .mapToObj(who -> CompletableFuture.supplyAsync(() -> askedAndAnswered(who)))
                .toList();

        IntStream.range(0, all.size())
                .forEach(who -> assertTrue(
                        all.get(who).join().contains("client " + who),
                        all.get(who).join()));
    }

    @Test
    void clientsThatCannotBeAskedAreServedMeanwhile() {
        client("{\"elicitation\":{}}").call("tools/call", tool(TOOL, "")).result();

        JsonObject result =
                client("{}").call("tools/call", tool("test_simple_text", "")).result();

        assertEquals("complete", result.getString("resultType"), result.toString());
    }

    @Test
    void everyQuestionThatTheClientDidNotDeclareIsItsError() {
        for (int i = 0; i < 10; i++) {
            StatelessClient.Outcome outcome = client("{}").call("tools/call", tool("test_missing_capability", ""));
            assertEquals(-32021, outcome.code(), outcome.toString());
        }
    }
}
