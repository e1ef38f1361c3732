package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sessions over HTTP: who has one, who has none any more, and who never had it. */
@OnServer
class SessionsIT {
    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
    private static Api api;

    @BeforeAll
    static void demoRuns() {
        api = Api.of(ManagerUnderTest.get());
        api.awaitPhase("demo", "running");
    }

    private static McpClient opened() {
        McpClient client = api.client("demo");
        client.open();
        return client;
    }

    @Test
    void aRequestWithoutSessionIsRefused() {
        HttpResponse<String> answer = api.client("demo").send(PING);

        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("Mcp-Session-Id"), answer.body());
    }

    @Test
    void anUnknownSessionIsNotFound() {
        assertEquals(404, api.client("demo").inSession("nobody").send(PING).statusCode());
    }

    @Test
    void aDeletedSessionIsNotFound() {
        McpClient client = opened();

        assertEquals(204, client.delete().statusCode());

        assertEquals(404, client.send(PING).statusCode());
        assertEquals(404, client.delete().statusCode());
    }

    @Test
    void aSessionBelongsToItsEndpoint() {
        try (McpClient client = opened()) {
            assertEquals(
                    404, api.aggregate().inSession(client.session()).send(PING).statusCode());
        }
    }

    @Test
    void everySessionHasAnotherIdThatNobodyGuesses() {
        try (McpClient one = opened();
                McpClient other = opened()) {
            assertNotEquals(one.session(), other.session());
            assertTrue(one.session().matches("[!-~]{32,}"), one.session());
        }
    }

    @Test
    void anotherRevisionThanAnyKnownIsRefused() {
        try (McpClient client = opened()) {
            HttpResponse<String> answer =
                    client.send(client.post(PING).setHeader("MCP-Protocol-Version", "1999-01-01"));
            assertEquals(400, answer.statusCode());
        }
    }

    @Test
    void whatIsNoMessageIsRefusedWithItsCode() {
        try (McpClient client = opened()) {
            HttpResponse<String> answer = client.send("{\"jsonrpc\":\"2.0\",");
            assertEquals(400, answer.statusCode());
            assertEquals(
                    -32700,
                    McpClient.parse(answer.body()).getJsonObject("error").getInt("code"));
        }
    }

    @Test
    void otherContentIsRefused() {
        try (McpClient client = opened()) {
            assertEquals(
                    415,
                    client.send(client.post(PING).setHeader("Content-Type", "text/plain"))
                            .statusCode());
            assertEquals(
                    406,
                    client.send(client.post(PING).setHeader("Accept", "text/html"))
                            .statusCode());
        }
    }

    @Test
    void aServerThatDoesNotExistIsNotFound() {
        HttpResponse<String> answer = api.client("nobody")
                .send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                        + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"it\",\"version\":\"1\"}}}");

        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("server_not_found"), answer.body());
    }
}
