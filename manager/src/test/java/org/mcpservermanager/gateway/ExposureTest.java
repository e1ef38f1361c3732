package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.gateway.Bench.all;
import static org.mcpservermanager.gateway.Bench.one;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.Phase;

/** What the operator hides, renames and describes anew, at the endpoint over all servers and at the server's own. */
class ExposureTest {
    private static final Duration INTERVAL = GatewaySettings.DEFAULT.catalogue().interval();
    private static final Exposure SOME = new Exposure(
            new Exposure.Named(
                    new NameFilter(List.of(), List.of("rm_*")), Map.of("say", "speak"), Map.of("say", "Says it.")),
            new Exposure.Named(new NameFilter(List.of("pub*"), List.of()), Map.of("public", "open"), Map.of()),
            new NameFilter(List.of(), List.of("file:///secret/*")));
    private final Bench bench = new Bench();
    private FakeRouter.FakeServer files;

    @BeforeEach
    void aServerThatHidesSomething() {
        files = bench.router
                .add("files")
                .answers(
                        "tools/list",
                        "{\"tools\":[{\"name\":\"say\",\"description\":\"d\",\"x\":1.50},{\"name\":\"rm_all\"},{\"name\":\"ls\"}],"
                                + "\"_meta\":{\"k\":1}}")
                .answers("prompts/list", "{\"prompts\":[{\"name\":\"public\"},{\"name\":\"private\"}]}")
                .answers("resources/list", "{\"resources\":[{\"uri\":\"file:///a\"},{\"uri\":\"file:///secret/b\"}]}")
                .answers("resources/templates/list", "{\"resourceTemplates\":[{\"uriTemplate\":\"file:///{+x}\"}]}")
                .answers("tools/call", "{\"content\":[]}")
                .answers("prompts/get", "{\"messages\":[]}")
                .answers("completion/complete", "{\"completion\":{\"values\":[]}}")
                .answers("resources/subscribe", "{}")
                .answers("resources/read", "{\"contents\":[]}");
        bench.redefines(Bench.spec("files").with(SOME));
        bench.becomes("files", Phase.RUNNING);
    }

    private String outcome(Bench.Front front, String method, String params) {
        return bench.call(front, method, params).outcome();
    }

    @Test
    void theAggregateShowsWhatIsShown() {
        Bench.Front front = bench.opened(all(), "2025-11-25");
        assertEquals(
                "{\"tools\":[{\"name\":\"files__speak\",\"description\":\"Says it.\",\"x\":1.50},{\"name\":\"files__ls\"}]}",
                outcome(front, "tools/list", "{}"));
        assertEquals("{\"prompts\":[{\"name\":\"files__open\"}]}", outcome(front, "prompts/list", "{}"));
        assertEquals("{\"resources\":[{\"uri\":\"file:///a\"}]}", outcome(front, "resources/list", "{}"));
    }

    @Test
    void theServersOwnEndpointShowsTheSameAndKeepsTheRest() {
        Bench.Front front = bench.opened(one("files"), "2025-11-25");
        assertEquals(
                "{\"tools\":[{\"name\":\"speak\",\"description\":\"Says it.\",\"x\":1.50},{\"name\":\"ls\"}],\"_meta\":{\"k\":1}}",
                outcome(front, "tools/list", "{}"));
        assertEquals("{\"prompts\":[{\"name\":\"open\"}]}", outcome(front, "prompts/list", "{}"));
        assertEquals("{\"resources\":[{\"uri\":\"file:///a\"}]}", outcome(front, "resources/list", "{}"));
    }

    @Test
    void aRenamedToolIsCalledByItsOwnName() {
        outcome(bench.opened(all(), "2025-11-25"), "tools/call", "{\"name\":\"files__speak\",\"arguments\":{}}");
        outcome(bench.opened(one("files"), "2025-11-25"), "tools/call", "{\"name\":\"speak\",\"arguments\":{}}");
        outcome(bench.opened(all(), "2025-11-25"), "prompts/get", "{\"name\":\"files__open\"}");
        assertEquals(
                List.of("{\"name\":\"say\",\"arguments\":{}}", "{\"name\":\"say\",\"arguments\":{}}"),
                files.received("tools/call").stream().map(m -> m.params()).toList());
        assertEquals(
                "{\"name\":\"public\"}", files.received("prompts/get").get(0).params());
    }

    @Test
    void whatIsHiddenCannotBeUsedEither() {
        for (Bench.Front front : List.of(bench.opened(all(), "2025-11-25"), bench.opened(one("files"), "2025-11-25"))) {
            String head = front.endpoint().server().isPresent() ? "" : "files__";
            for (String tool : List.of("rm_all", "say", "rm_new")) {
                String answer = outcome(front, "tools/call", "{\"name\":\"" + head + tool + "\"}");
                assertEquals("{\"code\":-32602,\"message\":\"Unknown tool: " + head + tool + "\"}", answer);
            }
            assertTrue(outcome(front, "prompts/get", "{\"name\":\"" + head + "private\"}")
                    .contains("Unknown prompt"));
            String ref = "{\"ref\":{\"type\":\"ref/prompt\",\"name\":\"" + head + "private\"},\"argument\":{}}";
            assertTrue(outcome(front, "completion/complete", ref).contains("Unknown prompt"));
            for (String method : List.of("resources/read", "resources/subscribe")) {
                String answer = outcome(front, method, "{\"uri\":\"file:///secret/b\"}");
                assertTrue(answer.contains("-32002"), answer);
            }
        }
        for (String method : List.of("tools/call", "prompts/get", "completion/complete", "resources/read")) {
            assertEquals(List.of(), files.received(method), method);
        }
    }

    @Test
    void aTemplateThatIsAllowedByNameAllowsItsUris() {
        NameFilter templates = new NameFilter(List.of("file:///{+x}"), List.of("*secret*"));
        bench.redefines(Bench.spec("files").with(new Exposure(Exposure.Named.ALL, Exposure.Named.ALL, templates)));
        bench.timer.advance(INTERVAL);
        for (Bench.Front front : List.of(bench.opened(all(), "2025-11-25"), bench.opened(one("files"), "2025-11-25"))) {
            assertEquals("{\"contents\":[]}", outcome(front, "resources/read", "{\"uri\":\"file:///z\"}"));
            assertTrue(outcome(front, "resources/read", "{\"uri\":\"file:///secret/z\"}")
                    .contains("-32002"));
        }
    }

    @Test
    void anotherFilterCountsAtOnceAndIsToldOnce() {
        Bench.Front front = bench.opened(all(), "2025-11-25");
        FakeReply stream = bench.send("GET", front, "");
        bench.timer.advance(INTERVAL.multipliedBy(5));
        stream.sink.events.clear();
        bench.redefines(Bench.spec("files").with(Exposure.ALL));
        bench.redefines(Bench.spec("files")
                .with(new Exposure(
                        new Exposure.Named(new NameFilter(List.of("ls"), List.of()), Map.of(), Map.of()),
                        SOME.prompts(),
                        SOME.resources())));
        assertEquals("{\"tools\":[{\"name\":\"files__ls\"}]}", outcome(front, "tools/list", "{}"));
        assertTrue(outcome(front, "tools/call", "{\"name\":\"files__say\"}").contains("Unknown tool"));
        bench.timer.advance(INTERVAL);
        assertEquals(
                1,
                stream.sink.data().stream()
                        .filter(data -> data.contains("tools/list_changed"))
                        .count());
    }

    private String stateless(String method, String more) {
        return bench.stateless(one("files"), method, more).outcome();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2026-07-28"})
    void statelessClientsOfAServerOfEitherEraSeeTheSame(String era) {
        files.version = era;

        assertEquals(
                "[{\"name\":\"speak\",\"description\":\"Says it.\",\"x\":1.50},{\"name\":\"ls\"}]",
                JsonText.member(stateless("tools/list", ""), "tools"));
        assertEquals("[{\"name\":\"open\"}]", JsonText.member(stateless("prompts/list", ""), "prompts"));
        assertEquals("[{\"uri\":\"file:///a\"}]", JsonText.member(stateless("resources/list", ""), "resources"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2026-07-28"})
    void statelessClientsUseTheNamesTheySeeAndNoOthers(String era) {
        files.version = era;
        int before = files.received.size();
        assertEquals(
                "{\"code\":-32602,\"message\":\"Unknown tool: say\"}", stateless("tools/call", "\"name\":\"say\","));
        assertEquals(
                "{\"code\":-32602,\"message\":\"Unknown tool: rm_all\"}",
                stateless("tools/call", "\"name\":\"rm_all\","));
        assertEquals(
                "{\"code\":-32602,\"message\":\"Unknown prompt: private\"}",
                stateless("prompts/get", "\"name\":\"private\","));
        assertEquals(
                "{\"code\":-32602,\"message\":\"Resource not found\",\"data\":{\"uri\":\"file:///secret/b\"}}",
                stateless("resources/read", "\"uri\":\"file:///secret/b\","));
        assertEquals(before, files.received.size());

        stateless("tools/call", "\"name\":\"speak\",");
        stateless("prompts/get", "\"name\":\"open\",");
        stateless("completion/complete", "\"ref\":{\"type\":\"ref/prompt\",\"name\":\"open\"},");

        assertEquals("say", files.received("tools/call").get(0).param("name"));
        assertEquals("public", files.received("prompts/get").get(0).param("name"));
        assertEquals(
                "{\"type\":\"ref/prompt\",\"name\":\"public\"}",
                files.received("completion/complete").get(0).rawParam("ref"));
    }

    @Test
    void changesOfHiddenResourcesAreNotTold() {
        files.capabilities = "{\"resources\":{\"subscribe\":true}}";
        FakeReply reply = bench.stateless(
                one("files"),
                "subscriptions/listen",
                "\"notifications\":{\"resourceSubscriptions\":[\"file:///a\",\"file:///secret/b\"]},");

        assertEquals(1, files.received("resources/subscribe").size());
        assertTrue(
                reply.sink.data().get(0).contains("\"resourceSubscriptions\":[\"file:///a\"]"),
                reply.sink.data().get(0));
    }

    private void says(String uri) {
        Message updated = Message.notification("notifications/resources/updated", "{\"uri\":\"" + uri + "\"}");
        bench.router.attached.stream().distinct().forEach(client -> client.tell(updated));
    }

    private static List<String> updates(FakeReply stream) {
        return stream.sink.data().stream()
                .filter(data -> data.contains("resources/updated"))
                .map(data -> JsonText.member(JsonText.member(data, "params"), "uri"))
                .toList();
    }

    @Test
    void changesOfAHiddenPartOfWhatIsWatchedAreNotTold() {
        files.capabilities = "{\"resources\":{\"subscribe\":true}}";
        String wanted = "\"notifications\":{\"resourceSubscriptions\":[\"file:///\"]},";
        files.answers("resources/list", "{\"resources\":[{\"uri\":\"file:///\"}]}");
        bench.saysChanged("files", "notifications/resources/list_changed");
        bench.timer.advance(INTERVAL);
        FakeReply stateless = bench.stateless(one("files"), "subscriptions/listen", wanted);
        FakeReply statelessOfAll = bench.stateless(all(), "subscriptions/listen", wanted);
        Bench.Front own = bench.opened(one("files"), "2025-11-25");
        Bench.Front ofAll = bench.opened(all(), "2025-11-25");
        FakeReply stream = bench.send("GET", own, "");
        FakeReply streamOfAll = bench.send("GET", ofAll, "");
        outcome(own, "resources/subscribe", "{\"uri\":\"file:///\"}");
        outcome(ofAll, "resources/subscribe", "{\"uri\":\"file:///\"}");

        says("file:///secret/b");
        says("file:///b");

        for (FakeReply each : List.of(stateless, statelessOfAll, stream, streamOfAll)) {
            assertEquals(List.of("\"file:///b\""), updates(each));
        }
    }

    @Test
    void aServerOfTheClientsEraIsHeldToTheSame() {
        files.version = "2026-07-28";
        files.holds("subscriptions/listen");
        FakeReply reply = bench.stateless(
                one("files"), "subscriptions/listen", "\"notifications\":{\"resourceSubscriptions\":[\"file:///\"]},");

        for (String uri : List.of("file:///secret/b", "file:///b")) {
            files.last().tell(Message.notification("notifications/resources/updated", "{\"uri\":\"" + uri + "\"}"));
        }

        assertEquals(List.of("\"file:///b\""), updates(reply));
    }
}
