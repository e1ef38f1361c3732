package org.mcpservermanager.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.RandomJson;

/** What a client and a server say to each other arrives as it was written: members nobody knows, numbers, escapes, order. */
class BytesThroughTheGatewayTest {
    private static final int CLIENTS = 4;
    private static final long BUDGET_NANOS = 700_000_000L;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RandomJson json = new RandomJson(random);
    private final Bench bench = new Bench();
    private final FakeRouter.FakeServer server =
            bench.router.add("echo").holds("tools/call").holds("x/unknown");

    /** Every id that JSON-RPC allows and a client may choose; in one session each is used once. */
    private String id(int number) {
        return switch (random.nextInt(6)) {
            case 0 -> Integer.toString(number);
            case 1 -> "-" + number;
            case 2 -> "9007199254740993" + number;
            case 3 -> "\"" + number + "\"";
            case 4 -> "\"\\u00e9\\\"" + number + "\"";
            default -> JsonText.quote("漢\uD83D\uDE00 /" + number);
        };
    }

    private static String line(String text) {
        return text.replace('\n', ' ').replace('\r', ' ');
    }

    private String params(String name) {
        return json.object(
                3, "\"name\":" + json.space() + name, "\"arguments\":" + json.object(3), "\"_meta\":" + json.object(1));
    }

    @Test
    void requestsResultsAndErrorsCrossByteForByte() {
        Bench.Front front = bench.opened(Bench.one("echo"), "2025-11-25");
        int number = 0;
        for (long end = System.nanoTime() + BUDGET_NANOS; System.nanoTime() < end; number++) {
            String id = id(number);
            String method = json.pick("tools/call", "x/unknown");
            String request = json.object(
                    2,
                    "\"jsonrpc\":\"2.0\"",
                    "\"method\":" + JsonText.quote(method),
                    "\"params\":" + params(json.string()),
                    "\"id\":" + json.space() + id);
            FakeReply reply = bench.post(front, request);
            Exchange exchange = server.last();
            assertEquals(line(request), new String(exchange.request().bytes(), UTF_8), this::seedText);
            String outcome = random.nextBoolean()
                    ? "\"result\":" + json.object(3)
                    : "\"error\":" + json.object(2, "\"code\":-32000", "\"message\":" + json.string());
            String response = json.object(2, "\"jsonrpc\":\"2.0\"", outcome, "\"id\":" + json.space() + id);
            exchange.complete(Gateway.parse(response.getBytes(UTF_8)));
            assertEquals(line(response), reply.text(), this::seedText);
        }
    }

    @Test
    void whatComesBeforeTheAnswerCrossesByteForByte() {
        Bench.Front front = bench.opened(Bench.one("echo"), "2025-06-18");
        int number = 0;
        for (long end = System.nanoTime() + BUDGET_NANOS; System.nanoTime() < end; number++) {
            String id = id(number);
            FakeReply reply = bench.post(front, Bench.request(id, "tools/call", params("\"t\"")));
            String told = json.object(
                    2,
                    "\"jsonrpc\":\"2.0\"",
                    "\"method\":\"notifications/message\"",
                    "\"params\":" + json.object(2, "\"level\":\"emergency\"", "\"data\":" + json.value(3)));
            String response = json.object(2, "\"jsonrpc\":\"2.0\"", "\"id\":" + id, "\"result\":" + json.object(3));
            server.last().tell(Gateway.parse(told.getBytes(UTF_8)));
            server.last().complete(Gateway.parse(response.getBytes(UTF_8)));
            assertEquals(List.of(line(told), line(response)), reply.sink.data(), this::seedText);
        }
    }

    @Test
    void sameIdsOfSeveralClientsAreTheirOwn() {
        List<Bench.Front> fronts = java.util.stream.Stream.generate(() -> bench.opened(Bench.one("echo"), "2025-11-25"))
                .limit(CLIENTS)
                .toList();
        for (int number = 0; number < 200; number++) {
            String id = id(number);
            int before = server.received.size();
            List<FakeReply> replies = fronts.stream()
                    .map(front -> bench.post(front, Bench.request(id, "tools/call", params("\"t\""))))
                    .toList();
            for (int i = CLIENTS - 1; i >= 0; i--) {
                String response = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"of\":" + i + "}}";
                server.received.get(before + i).complete(Gateway.parse(response.getBytes(UTF_8)));
                assertEquals(response, replies.get(i).text(), this::seedText);
            }
        }
    }

    private String seedText() {
        return "-Dseed=" + seed;
    }
}
