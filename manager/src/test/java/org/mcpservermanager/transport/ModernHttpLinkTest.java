package org.mcpservermanager.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;

class ModernHttpLinkTest {
    private static final String META =
            "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"progressToken\":7}";
    private static final String TOOLS = "{\"tools\":["
            + "{\"name\":\"good\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
            + "\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},"
            + "\"deep\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"x-mcp-header\":\"N\"}}},"
            + "\"b\":{\"type\":\"boolean\",\"x-mcp-header\":\"B\"},"
            + "\"x-mcp-header\":{\"type\":\"string\",\"default\":{\"x-mcp-header\":\"not one\"}}}}},"
            + "{\"name\":\"bad-null\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
            + "\"z\":{\"type\":\"null\",\"x-mcp-header\":\"Z\"}}}},"
            + "{\"name\":\"plain\",\"inputSchema\":{\"type\":\"object\"}},"
            + "{\"name\":\"bad\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"l\":{\"type\":\"array\","
            + "\"items\":{\"type\":\"string\",\"x-mcp-header\":\"L\"}}}}}]}";

    private final Inbox inbox = new Inbox();
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Web web = Web.open(executor, timer);
    private OddHttpServer server;
    private ModernHttpLink link;

    @BeforeEach
    void start() throws Exception {
        server = new OddHttpServer();
        link = ModernHttpLink.to(new ServerId("modern"), new Target(server.url("/mcp"), Map.of()), web);
        link.open(inbox);
    }

    @AfterEach
    void end() {
        link.close();
        server.close();
        web.close();
        executor.shutdownNow();
        timer.shutdownNow();
    }

    private static void answer(OddHttpServer.Asked asked, String result) throws Exception {
        String id = asked.body().replaceAll("(?s).*?\"id\":(\\d+|\"[^\"]*\").*", "$1");
        asked.answer(200, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
    }

    private OddHttpServer.Asked send(int id, String method, String params) throws Exception {
        int before = inbox.messages.size();
        link.send(Message.request(Integer.toString(id), method, "{" + META + params + "}"));
        inbox.await(() -> inbox.messages.size() > before);
        return server.asked.get(server.asked.size() - 1);
    }

    @Test
    void makesHeadersOfTheBody() throws Exception {
        server.on("POST", asked -> answer(asked, asked.body().contains("tools/list") ? TOOLS : "{}"));
        OddHttpServer.Asked list = send(1, "tools/list", "");
        assertEquals("2026-07-28 tools/list null", heads(list));
        assertEquals("null", list.header("Mcp-Session-Id"));
        assertEquals(
                "2026-07-28 resources/read =?base64?ZmlsZTovLy/DqQ==?=",
                heads(send(2, "resources/read", ",\"uri\":\"file:///é\"")));
        OddHttpServer.Asked call = send(
                3, "tools/call", ",\"name\":\"good\",\"arguments\":{\"a\":\" x \",\"deep\":{\"n\":42.0},\"b\":null}");
        assertEquals("2026-07-28 tools/call good", heads(call));
        assertEquals("=?base64?IHgg?= 42 null", params(call));
    }

    private static String heads(OddHttpServer.Asked asked) {
        return asked.header("MCP-Protocol-Version") + " " + asked.header("Mcp-Method") + " " + asked.header("Mcp-Name");
    }

    private static String params(OddHttpServer.Asked asked) {
        return asked.header("Mcp-Param-A") + " " + asked.header("Mcp-Param-N") + " " + asked.header("Mcp-Param-B");
    }

    @Test
    void leavesOutToolsWhoseHeadersAreWrong() throws Exception {
        server.on("POST", asked -> answer(asked, TOOLS));
        send(1, "tools/list", "");
        String result = inbox.messages.get(0).result();
        assertTrue(result.contains("good") && result.contains("plain") && !result.contains("bad"), result);
        assertTrue(inbox.noise.get(0).startsWith("tool \"bad-null\" is left out: "), inbox.noise::toString);
        assertTrue(inbox.noise.get(1).startsWith("tool \"bad\" is left out: "), inbox.noise::toString);
    }

    @Test
    void listsToolsAndTriesAgainWhenHeadersDoNotMatch() throws Exception {
        server.on("POST", asked -> {
            if (asked.body().contains("tools/list")) {
                answer(asked, TOOLS);
            } else if (asked.header("Mcp-Param-A").equals("v")) {
                answer(asked, "{\"ok\":true}");
            } else {
                asked.answer(400, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32020,\"message\":\"no\"}}");
            }
        });
        send(1, "tools/call", ",\"name\":\"good\",\"arguments\":{\"a\":\"v\"}");
        assertEquals("{\"ok\":true}", inbox.messages.get(0).result());
        assertEquals(
                List.of("tools/call", "tools/list", "tools/call"),
                server.asked.stream().map(asked -> asked.header("Mcp-Method")).toList());
        send(2, "tools/call", ",\"name\":\"good\",\"arguments\":{\"a\":\"w\"}");
        assertTrue(inbox.messages.get(1).error().contains("-32020"));
        assertEquals(6, server.asked.size());
    }

    @Test
    void passesAnErrorOnUnderTheIdOfItsRequest() throws Exception {
        server.on(
                "POST",
                asked -> asked.answer(
                        404, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32601,\"message\":\"unknown\"}}"));
        send(5, "x/y", "");
        assertEquals("5", inbox.messages.get(0).id());
        assertTrue(inbox.messages.get(0).error().contains("-32601"));
    }

    @Test
    void hangsUpToCancel() throws Exception {
        CountDownLatch noticed = new CountDownLatch(1);
        server.on("POST", asked -> {
            asked.stream();
            try {
                while (true) {
                    asked.write("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n");
                }
            } finally {
                noticed.countDown();
            }
        });
        send(1, "tools/call", ",\"name\":\"t\"");
        link.send(Message.notification("notifications/cancelled", "{\"requestId\":1}"));
        assertTrue(noticed.await(10, TimeUnit.SECONDS));
        assertEquals(1, server.asked.size());
    }

    @Test
    void failsARequestWhoseStreamEnds() throws Exception {
        server.on("POST", asked -> asked.stream().write("id: 1\ndata:\n\n"));
        send(1, "tools/call", ",\"name\":\"t\"");
        assertTrue(inbox.messages.get(0).error().contains("ended its answer without a response"));
        assertEquals(1, server.asked.size());
    }

    @Test
    void endsWhenNobodyIsThere() throws Exception {
        server.close();
        link.send(Message.request("1", "server/discover", "{" + META + "}"));
        inbox.await(() -> !inbox.closed.isEmpty());
        assertTrue(link.problem().orElseThrow().message().endsWith("the connection was refused"));
    }
}
