package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.gateway.Bench.all;
import static org.mcpservermanager.gateway.Bench.notification;
import static org.mcpservermanager.gateway.Bench.request;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Phase;

class AllServersTest {
    private static final Duration INTERVAL = GatewaySettings.DEFAULT.catalogue().interval();
    private static final String ODD_TOOL =
            "{\"description\":\"d\\u00e9\", \"name\" : \"say\",\"inputSchema\":{\"$defs\":{},\"n\":1.50}}";
    private final Bench bench = new Bench();
    private FakeRouter.FakeServer git;
    private FakeRouter.FakeServer files;

    @BeforeEach
    void twoServers() {
        git = bench.router
                .add("git")
                .answers("tools/list", "{\"tools\":[" + ODD_TOOL + "]}")
                .answers("prompts/list", "{\"prompts\":[{\"name\":\"commit\"}]}");
        files = bench.router
                .add("files")
                .answers("tools/list", "{\"tools\":[{\"name\":\"say\"}]}")
                .answers("resources/list", "{\"resources\":[{\"uri\":\"file:///a\",\"name\":\"a\"}]}")
                .answers(
                        "resources/templates/list",
                        "{\"resourceTemplates\":[{\"uriTemplate\":\"file:///dir/{x}\",\"name\":\"t\"}]}");
        bench.becomes("git", Phase.RUNNING);
        bench.becomes("files", Phase.RUNNING);
    }

    private Bench.Front opened() {
        return bench.opened(all(), "2025-11-25");
    }

    private String result(Bench.Front front, String method, String params) {
        return bench.call(front, method, params).outcome();
    }

    private List<String> names(Bench.Front front) {
        return JsonText.elements(JsonText.member(result(front, "tools/list", "{}"), "tools")).stream()
                .map(tool -> RawJson.string(tool, "name"))
                .toList();
    }

    private static Message parse(String text) {
        return Gateway.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void introducesItselfAndItsServers() {
        String text = bench.initialize(all(), "2025-06-18", "{}").text();
        assertTrue(text.contains("\"protocolVersion\":\"2025-06-18\""), text);
        assertTrue(text.contains("\"name\":\"mcp-server-manager\""), text);
        assertTrue(text.contains("Servers: files, git."), text);
    }

    @Test
    void listsAllToolsInOrderAndChangesOnlyTheName() {
        assertEquals(
                "{\"tools\":[{\"name\":\"files__say\"}," + ODD_TOOL.replace("\"say\"", "\"git__say\"") + "]}",
                result(opened(), "tools/list", "{}"));
    }

    @Test
    void callsTheOwnerByItsOwnName() {
        git.answers("tools/call", "{\"content\":[]}");
        assertEquals(
                "{\"content\":[]}",
                result(opened(), "tools/call", "{\"name\":\"git__say\", \"arguments\":{\"name\":\"x\"}}"));
        assertEquals(
                "{\"name\":\"say\", \"arguments\":{\"name\":\"x\"}}",
                git.received("tools/call").get(0).params());
    }

    @Test
    void refusesUnknownNames() {
        Bench.Front front = opened();
        assertEquals(
                "{\"code\":-32602,\"message\":\"Unknown tool: say\"}",
                result(front, "tools/call", "{\"name\":\"say\"}"));
        assertEquals(
                "{\"code\":-32602,\"message\":\"Unknown prompt: x\"}",
                result(front, "prompts/get", "{\"name\":\"x\"}"));
        assertTrue(result(front, "vendor/x", "{}").contains("-32601"));
    }

    @Test
    void getsPromptsAndCompletesTheirArguments() {
        git.answers("prompts/get", "{\"messages\":[]}")
                .answers("completion/complete", "{\"completion\":{\"values\":[]}}");
        Bench.Front front = opened();
        assertEquals("{\"messages\":[]}", result(front, "prompts/get", "{\"name\":\"git__commit\"}"));
        String ref =
                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"git__commit\"},\"argument\":{\"name\":\"a\",\"value\":\"\"}}";
        assertEquals("{\"completion\":{\"values\":[]}}", result(front, "completion/complete", ref));
        assertEquals(
                ref.replace("git__", ""),
                git.received("completion/complete").get(0).params());
        assertTrue(result(front, "completion/complete", "{}").contains("Unknown prompt"));
    }

    @Test
    void findsTheOwnerOfAUri() {
        files.answers("resources/read", "{\"contents\":[]}");
        Bench.Front front = opened();
        assertEquals("{\"contents\":[]}", result(front, "resources/read", "{\"uri\":\"file:///a\"}"));
        assertEquals("{\"contents\":[]}", result(front, "resources/read", "{\"uri\":\"file:///dir/7\"}"));
        assertEquals(
                "{\"code\":-32002,\"message\":\"Resource not found\",\"data\":{\"uri\":\"file:///no\"}}",
                result(front, "resources/read", "{\"uri\":\"file:///no\"}"));
    }

    @Test
    void tellsUpdatesOnlyOfWhatWasSubscribedTo() {
        files.answers("resources/subscribe", "{}").answers("resources/unsubscribe", "{}");
        Bench.Front front = opened();
        FakeReply stream = bench.send("GET", front, "");
        result(front, "resources/subscribe", "{\"uri\":\"file:///a\"}");
        var client = files.last().client();
        client.tell(parse(notification("notifications/resources/updated", "{\"uri\":\"file:///a\"}")));
        client.tell(parse(notification("notifications/resources/updated", "{\"uri\":\"file:///b\"}")));
        client.tell(parse(notification("notifications/tools/list_changed", "{}")));
        result(front, "resources/unsubscribe", "{\"uri\":\"file:///a\"}");
        client.tell(parse(notification("notifications/resources/updated", "{\"uri\":\"file:///a\"}")));
        assertEquals(
                List.of(notification("notifications/resources/updated", "{\"uri\":\"file:///a\"}")),
                stream.sink.data());
    }

    @Test
    void keepsAPageToItsSizeAndTheNextCursorOpaque() {
        git.answers("tools/list", "{\"tools\":[" + tools(2_400) + "]}");
        bench.saysChanged("git", "notifications/tools/list_changed");
        bench.timer.advance(INTERVAL);
        Bench.Front front = opened();
        List<Integer> sizes = new ArrayList<>();
        String cursor = "";
        do {
            String page = result(
                    front, "tools/list", cursor.isEmpty() ? "{}" : "{\"cursor\":" + JsonText.quote(cursor) + "}");
            sizes.add(JsonText.elements(JsonText.member(page, "tools")).size());
            cursor = RawJson.string(page, "nextCursor");
        } while (!cursor.isEmpty());
        assertEquals(List.of(1000, 1000, 401), sizes);
        for (String bad : List.of("x", "dG9vbHNANw", "cHJvbXB0c0AxMDAw")) {
            assertTrue(
                    result(front, "tools/list", "{\"cursor\":\"" + bad + "\"}").contains("-32602"), bad);
        }
    }

    private static String tools(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"name\":\"t" + i + "\"}")
                .collect(Collectors.joining(","));
    }

    @Test
    void readsAllPagesOfAServerUpToTheBound() {
        int[] asked = {0};
        git.handlers.put("tools/list", exchange -> {
            asked[0]++;
            exchange.complete(Message.result(
                    exchange.request().id(), "{\"tools\":[{\"name\":\"p" + asked[0] + "\"}],\"nextCursor\":\"more\"}"));
        });
        bench.saysChanged("git", "notifications/tools/list_changed");
        bench.timer.advance(INTERVAL);
        assertEquals(GatewaySettings.DEFAULT.catalogue().pagesMax(), asked[0]);
        assertEquals(1 + asked[0], names(opened()).size());
    }

    @Test
    void takesNoMoreToolsOfAServerThanTheBound() {
        git.answers("tools/list", "{\"tools\":[" + tools(10_050) + "]}");
        bench.saysChanged("git", "notifications/tools/list_changed");
        bench.timer.advance(INTERVAL);
        assertEquals(
                10_001, bench.gateway.catalogue().list(ListKind.TOOLS).shown().size());
    }

    @Test
    void aBrokenServerBreaksOnlyItself() {
        git.handlers.put(
                "tools/list",
                exchange -> exchange.complete(Message.result(exchange.request().id(), "{\"tools\":7}")));
        bench.saysChanged("git", "notifications/tools/list_changed");
        FakeRouter.FakeServer bad = bench.router.add("bad");
        bad.answers("tools/list", "{\"tools\":[{\"title\":\"nameless\"},{\"name\":\"ok\"},7]}");
        bench.becomes("bad", Phase.RUNNING);
        bench.timer.advance(INTERVAL.multipliedBy(100));
        assertEquals(List.of("bad__ok", "files__say", "git__say"), names(opened()));
    }

    @Test
    void aHangingServerKeepsNobodyWaiting() {
        FakeRouter.FakeServer slow = bench.router.add("slow");
        for (ListKind kind : ListKind.values()) {
            slow.holds(kind.method());
        }
        bench.becomes("slow", Phase.RUNNING);
        Bench.Front front = opened();
        assertEquals(List.of("files__say", "git__say"), names(front));
        files.answers("resources/read", "{\"contents\":[]}");
        assertEquals("{\"contents\":[]}", result(front, "resources/read", "{\"uri\":\"file:///dir/7\"}"));
        slow.received.stream()
                .filter(exchange -> exchange.request().method().equals("tools/list"))
                .toList()
                .forEach(exchange -> exchange.complete(
                        Message.result(exchange.request().id(), "{\"tools\":[{\"name\":\"late\"}]}")));
        assertEquals(List.of("files__say", "git__say", "slow__late"), names(front));
    }

    @Test
    void aCompletionThatHangsCanBeCancelledAndTheOthersGoOn() {
        git.holds("completion/complete");
        files.answers("completion/complete", "{\"completion\":{\"values\":[\"a\"]}}");
        Bench.Front front = opened();
        String hanging =
                "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"git__commit\"},\"argument\":{\"name\":\"a\",\"value\":\"\"}}";
        bench.post(front, request("1", "completion/complete", hanging));
        String other =
                "{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"file:///dir/{x}\"},\"argument\":{\"name\":\"x\",\"value\":\"\"}}";
        assertEquals("{\"completion\":{\"values\":[\"a\"]}}", result(front, "completion/complete", other));
        bench.post(front, notification("notifications/cancelled", "{\"requestId\":1,\"reason\":\"enough\"}"));
        assertEquals(List.of("enough"), bench.router.cancelled);
    }

    @Test
    void triesAgainWhenAListCannotBeRead() {
        git.handlers.put(
                "tools/list",
                exchange -> exchange.complete(Message.error(
                        exchange.request().id(), org.mcpservermanager.protocol.RpcError.of(-32603, "not now"))));
        bench.saysChanged("git", "notifications/tools/list_changed");
        bench.timer.advance(INTERVAL);
        git.answers("tools/list", "{\"tools\":[]}");
        bench.timer.advance(INTERVAL.multipliedBy(3));
        assertEquals(List.of("files__say"), names(opened()));
    }

    @Test
    void keepsTheListOfARestartingServerAndHidesThatOfAStoppedOne() {
        Bench.Front front = opened();
        bench.becomes("git", Phase.BACKOFF);
        assertEquals(List.of("files__say", "git__say"), names(front));
        bench.becomes("git", Phase.STOPPED);
        assertEquals(List.of("files__say"), names(front));
        bench.router.servers.remove("git");
        assertTrue(result(front, "tools/call", "{\"name\":\"git__say\"}").contains("git"));
        bench.router.servers.put("git", git);
        bench.becomes("git", Phase.RUNNING);
        assertEquals(List.of("files__say", "git__say"), names(front));
    }

    @Test
    void tellsListChangesOncePerInterval() {
        Bench.Front front = opened();
        FakeReply stream = bench.send("GET", front, "");
        bench.timer.advance(INTERVAL.multipliedBy(2));
        stream.sink.events.clear();
        for (int i = 0; i < 50; i++) {
            git.answers("tools/list", "{\"tools\":[{\"name\":\"v" + i + "\"}]}");
            bench.saysChanged("git", "notifications/tools/list_changed");
        }
        bench.timer.advance(INTERVAL.multipliedBy(3));
        assertEquals(
                List.of("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}"), stream.sink.data());
        assertEquals(List.of("files__say", "git__v49"), names(front));
    }

    @Test
    void saysNothingWhenAListIsAsBefore() {
        Bench.Front front = opened();
        FakeReply stream = bench.send("GET", front, "");
        bench.timer.advance(INTERVAL.multipliedBy(2));
        stream.sink.events.clear();
        bench.saysChanged("git", "notifications/tools/list_changed");
        bench.becomes("git", Phase.RUNNING);
        bench.timer.advance(INTERVAL.multipliedBy(3));
        assertEquals(List.of(), stream.sink.data());
    }

    @Test
    void remembersTheLogLevelForServersUsedLater() {
        git.answers("tools/call", "{}");
        Bench.Front front = opened();
        assertEquals("{}", result(front, "logging/setLevel", "{\"level\":\"warning\"}"));
        assertTrue(result(front, "logging/setLevel", "{\"level\":\"loud\"}").contains("-32602"));
        result(front, "tools/call", "{\"name\":\"git__say\"}");
        assertEquals(
                "{\"level\":\"warning\"}",
                git.received("logging/setLevel").get(0).params());
        FakeReply stream = bench.send("GET", front, "");
        git.last().client().tell(parse(notification("notifications/message", "{\"level\":\"info\",\"data\":1}")));
        git.last().client().tell(parse(notification("notifications/message", "{\"level\":\"error\",\"data\":2}")));
        assertEquals(
                List.of(notification("notifications/message", "{\"level\":\"error\",\"data\":2}")), stream.sink.data());
    }

    @Test
    void attachesAServerWithTheFirstUseOnly() {
        git.answers("tools/call", "{}");
        Bench.Front front = opened();
        int before = bench.router.attached.size(); // with the copies that are asked what such a client is offered
        result(front, "tools/call", "{\"name\":\"git__say\"}");
        result(front, "tools/call", "{\"name\":\"git__say\"}");
        assertEquals(before + 1, bench.router.attached.size());
        bench.post(front, notification("notifications/roots/list_changed", "{}"));
        assertEquals(List.of("git notifications/roots/list_changed"), bench.router.told);
        bench.send("DELETE", front, "");
        assertEquals(1, bench.router.detached.size());
    }

    @Test
    void passesQuestionsOfAnyServerToTheClient() {
        git.holds("tools/call");
        files.holds("tools/call");
        Bench.Front front = opened();
        FakeReply first = bench.post(front, request("1", "tools/call", "{\"name\":\"git__say\"}"));
        FakeReply second = bench.post(front, request("2", "tools/call", "{\"name\":\"files__say\"}"));
        git.last().ask(parse(request("7", "elicitation/create", "{}")));
        var answer = files.last().ask(parse(request("7", "elicitation/create", "{}")));
        assertEquals(request("1", "elicitation/create", "{}"), first.sink.data().get(1));
        assertEquals(
                request("2", "elicitation/create", "{}"), second.sink.data().get(1));
        bench.post(front, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
        assertTrue(answer.toCompletableFuture().isDone());
        assertFalse(git.last()
                .ask(parse(request("8", "roots/list", "{}")))
                .toCompletableFuture()
                .isDone());
    }
}
