package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mcpservermanager.it.McpClient.toolParams;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;

/** Many clients at once, all with the same JSON-RPC ids, some with a copy of their own: nobody gets what is another's. */
@OnServer
class ManyClientsIT {
    private static final int CLIENTS = 40;
    private static final int ASKABLE = 8;
    private static final int ROUNDS = 15;
    private static Api api;

    @BeforeAll
    static void addFixture() {
        api = Api.of(ManagerUnderTest.get());
        api.run("many-echo", Launching.command(EchoServer.class));
        try (McpClient looking = api.aggregate()) {
            looking.open();
            Api.until(
                    () -> looking.result("tools/list", "").toString().contains("many-echo__echo"),
                    () -> "the tools of many-echo in the aggregate");
        }
    }

    @AfterAll
    static void removeFixture() {
        api.remove("many-echo");
    }

    @Test
    void everyAnswerReachesItsCaller() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        CountDownLatch allOpen = new CountDownLatch(CLIENTS);
        List<Future<?>> works = new ArrayList<>();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                works.add(threads.submit(() -> work(number, allOpen)));
            }
            for (Future<?> work : works) {
                work.get(2, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(0, api.server("many-echo").getInt("inFlight"));
    }

    private static Void work(int number, CountDownLatch allOpen) throws InterruptedException {
        boolean aggregate = number % 2 == 1;
        String prefix = aggregate ? "many-echo__" : "";
        try (McpClient client = aggregate ? api.aggregate() : api.client("many-echo")) {
            boolean askable = number < ASKABLE;
            if (askable) {
                client.answering("elicitation/create", question -> Json.createObjectBuilder()
                        .add("by", number)
                        .add("to", question.getString("message"))
                        .build());
            }
            client.open();
            allOpen.countDown();
            if (!allOpen.await(90, TimeUnit.SECONDS)) {
                throw new AssertionError(allOpen.getCount() + " clients did not open");
            }
            for (int round = 0; round < ROUNDS; round++) {
                echo(client, prefix, number, round);
                if (askable && round % 5 == 0) {
                    ask(client, prefix, number, round);
                }
            }
        }
        return null;
    }

    /** Two calls of this client are open at the same time, and the first is answered last. */
    private static void echo(McpClient client, String prefix, int number, int round) {
        String mine = "{\"ms\":" + (number + round) % 7 + ",\"client\":" + number + ",\"round\":" + round + "}";
        McpClient.Call slow = client.begin("tools/call", toolParams(prefix + "slow", mine));
        JsonObject echoed = client.tool(prefix + "echo", mine).getJsonObject("structuredContent");

        assertEquals(McpClient.parse(mine), echoed);
        assertEquals(
                McpClient.parse(mine), slow.response().getJsonObject("result").getJsonObject("structuredContent"));
        assertEquals(slow.id, slow.response().get("id").toString());
    }

    private static void ask(McpClient client, String prefix, int number, int round) {
        JsonObject outcome = client.tool(prefix + "ask", "{\"client\":" + number + ",\"round\":" + round + "}");
        JsonObject answer = outcome.getJsonObject("structuredContent").getJsonObject("answer");
        assertEquals(number, answer.getInt("by"));
        JsonObject question = McpClient.parse(answer.getString("to"));
        assertEquals(number, question.getInt("client"));
        assertEquals(round, question.getInt("round"));
    }
}
