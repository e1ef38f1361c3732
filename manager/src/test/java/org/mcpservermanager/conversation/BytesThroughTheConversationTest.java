package org.mcpservermanager.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RandomJson;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.transport.ScriptedLink;

/** A server sees ids and progress tokens of ours and else every byte of the client's; the client sees its own again. */
class BytesThroughTheConversationTest {
    private static final long BUDGET_NANOS = 700_000_000L;
    private static final int CALLS_AT_ONCE_MAX = 8;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RandomJson json = new RandomJson(random);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScriptedLink link = new ScriptedLink();
    private final TestClient client = new TestClient();
    private Conversation conversation;

    /** A call of a client with its own id and token, which others have too. */
    private record Called(TestExchange exchange, String template, String id, String token, Message sent) {}

    @BeforeEach
    void open() throws Exception {
        Duration patience = Duration.ofSeconds(30);
        Terms terms = new Terms(
                new ServerId("srv"),
                TestClient.ASKABLE,
                new Owner.Shared(),
                new Heard(),
                timer,
                patience,
                patience,
                patience);
        CompletableFuture<Conversation> opening =
                LegacyConversation.open(link, terms).toCompletableFuture();
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                + "\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}}");
        conversation = opening.get(10, TimeUnit.SECONDS);
        link.sent().clear();
    }

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    @Test
    void onlyIdsAndTokensAreReplacedAndComeBack() throws Exception {
        for (long end = System.nanoTime() + BUDGET_NANOS; System.nanoTime() < end; ) {
            List<Called> all = new ArrayList<>();
            for (int n = 1 + random.nextInt(CALLS_AT_ONCE_MAX); n > 0; n--) {
                all.add(call());
            }
            Set<String> ids = new HashSet<>();
            for (Called called : all) {
                assertTrue(ids.add(called.sent().id()), this::seedText);
                assertEquals(
                        called.template()
                                .replace("@ID@", called.sent().id())
                                .replace("@TOKEN@", called.sent().progressToken()),
                        TestExchange.text(called.sent()),
                        this::seedText);
            }
            Collections.shuffle(all, random);
            for (Called called : all) {
                answer(called);
            }
            link.sent().clear();
        }
    }

    private Called call() {
        String id = json.pick("1", "-7", "\"1\"", "\"\\u00e9\"", "12345678901234567890123");
        String token = json.pick("1", "\"\"", json.string());
        String meta = "\"_meta\":" + json.object(1, "\"progressToken\":" + json.space() + "@TOKEN@");
        String template = json.object(
                        2,
                        "\"jsonrpc\":\"2.0\"",
                        "\"id\":" + json.space() + "@ID@",
                        "\"method\":\"tools/call\"",
                        "\"params\":" + json.object(3, "\"name\":\"t\"", meta))
                .replace('\n', ' ')
                .replace('\r', ' ');
        TestExchange exchange =
                new TestExchange(client, template.replace("@ID@", id).replace("@TOKEN@", token));
        conversation.begin(exchange);
        return new Called(exchange, template, id, token, link.lastSent());
    }

    private void answer(Called called) throws Exception {
        String progress = json.object(
                2,
                "\"jsonrpc\":\"2.0\"",
                "\"method\":\"notifications/progress\"",
                "\"params\":" + json.object(2, "\"progressToken\":@TOKEN@", "\"progress\":1e400"));
        String result = json.object(2, "\"jsonrpc\":\"2.0\"", "\"id\":@ID@", "\"result\":" + json.object(3));
        link.receive(progress.replace("@TOKEN@", called.sent().progressToken()));
        link.receive(result.replace("@ID@", called.sent().id()));
        TestExchange exchange = called.exchange();
        assertEquals(line(result.replace("@ID@", called.id())), TestExchange.text(exchange.outcome()), this::seedText);
        assertEquals(
                List.of(line(progress.replace("@TOKEN@", called.token()))),
                exchange.told.stream().map(TestExchange::text).toList(),
                this::seedText);
    }

    private static String line(String text) {
        return new String(text.getBytes(UTF_8), UTF_8).replace('\n', ' ').replace('\r', ' ');
    }

    private String seedText() {
        return "-Dseed=" + seed;
    }
}
