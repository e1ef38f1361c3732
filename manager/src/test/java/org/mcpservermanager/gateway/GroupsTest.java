package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.gateway.Bench.all;
import static org.mcpservermanager.gateway.Bench.group;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.Naming;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;

/** Endpoints over some servers, and what becomes of equal names. */
class GroupsTest {
    private static final Duration INTERVAL = GatewaySettings.DEFAULT.catalogue().interval();
    private static final Group.Filters NO_PUSH =
            new Group.Filters(new NameFilter(List.of(), List.of("*push")), NameFilter.ALL, NameFilter.ALL);

    private static Group named(String name, Naming naming, Group.Filters filters, String... servers) {
        Set<ServerId> ids =
                java.util.Arrays.stream(servers).map(ServerId::new).collect(java.util.stream.Collectors.toSet());
        return new Group(name, "", ids, Set.of("web"), naming, false, filters, "test");
    }

    private Bench bench(Group... groups) {
        Bench bench = new Bench(groups);
        define(bench, "b-git", 100, List.of(), "log", "push");
        define(bench, "c-hub", 50, List.of("web"), "log", "issue");
        define(bench, "a-alone", 100, List.of(), "solo");
        return bench;
    }

    private static void define(Bench bench, String id, int priority, List<String> tags, String... tools) {
        StringBuilder list = new StringBuilder();
        for (String tool : tools) {
            list.append(list.isEmpty() ? "" : ",")
                    .append("{\"name\":\"")
                    .append(tool)
                    .append("\"}");
        }
        bench.router
                .add(id)
                .answers("tools/list", "{\"tools\":[" + list + "]}")
                .answers("resources/list", "{\"resources\":[{\"uri\":\"x://" + id + "\"},{\"uri\":\"x://same\"}]}")
                .answers("resources/read", "{\"contents\":[\"" + id + "\"]}")
                .answers("tools/call", "{\"from\":\"" + id + "\"}");
        bench.redefines(Bench.spec(id).draft().priority(priority).tags(tags).spec());
        bench.becomes(id, Phase.RUNNING);
    }

    private static String outcome(Bench bench, Bench.Front front, String method, String params) {
        return bench.call(front, method, params).outcome();
    }

    private static List<String> names(Bench bench, Bench.Front front) {
        return JsonText.elements(JsonText.member(outcome(bench, front, "tools/list", "{}"), "tools")).stream()
                .map(tool -> RawJson.string(tool, "name"))
                .toList();
    }

    @Test
    void aGroupShowsItsMembersByIdAndByTag() {
        Bench bench = bench(named("dev", Naming.PREFIX, Group.Filters.NONE, "b-git"));
        Bench.Front front = bench.opened(group("dev"), "2025-11-25");
        assertEquals(List.of("c-hub__log", "c-hub__issue", "b-git__log", "b-git__push"), names(bench, front));
        assertEquals("{\"from\":\"b-git\"}", outcome(bench, front, "tools/call", "{\"name\":\"b-git__log\"}"));
        assertTrue(outcome(bench, front, "tools/call", "{\"name\":\"a-alone__solo\"}")
                .contains("Unknown tool"));
        assertTrue(outcome(bench, front, "resources/read", "{\"uri\":\"x://a-alone\"}")
                .contains("-32002"));
        assertEquals(5, names(bench, bench.opened(all(), "2025-11-25")).size());
    }

    @Test
    void aGroupsFilterHoldsForCallsToo() {
        Bench bench = bench(named("dev", Naming.PREFIX, NO_PUSH, "b-git"));
        Bench.Front front = bench.opened(group("dev"), "2025-11-25");
        assertEquals(List.of("c-hub__log", "c-hub__issue", "b-git__log"), names(bench, front));
        assertTrue(outcome(bench, front, "tools/call", "{\"name\":\"b-git__push\"}")
                .contains("Unknown tool"));
        assertEquals(
                "{\"from\":\"b-git\"}",
                outcome(bench, bench.opened(all(), "2025-11-25"), "tools/call", "{\"name\":\"b-git__push\"}"));
    }

    @Test
    void byPriorityTheFirstServerHasTheName() {
        Bench bench = bench(named("dev", Naming.PRIORITY, Group.Filters.NONE, "b-git"));
        Bench.Front front = bench.opened(group("dev"), "2025-11-25");
        assertEquals(List.of("log", "issue", "push"), names(bench, front));
        assertEquals("{\"from\":\"c-hub\"}", outcome(bench, front, "tools/call", "{\"name\":\"log\"}"));
        assertEquals("{\"from\":\"b-git\"}", outcome(bench, front, "tools/call", "{\"name\":\"push\"}"));
        bench.becomes("c-hub", Phase.STOPPED);
        assertEquals(List.of("log", "push"), names(bench, front));
        assertEquals("{\"from\":\"b-git\"}", outcome(bench, front, "tools/call", "{\"name\":\"log\"}"));
    }

    @Test
    void withoutPolicyACollisionIsNobodys() {
        Bench bench = bench(named("dev", Naming.NONE, Group.Filters.NONE, "b-git"));
        Bench.Front front = bench.opened(group("dev"), "2025-11-25");
        assertEquals(List.of("issue", "push"), names(bench, front));
        String answer = outcome(bench, front, "tools/call", "{\"name\":\"log\"}");
        assertTrue(answer.contains("Ambiguous name: tools \\\"log\\\" of c-hub, b-git: none is shown"), answer);
    }

    @Test
    void aUriThatTwoServersHaveIsTheFirstOnes() {
        Bench bench = bench(named("dev", Naming.PREFIX, Group.Filters.NONE, "b-git"));
        Bench.Front front = bench.opened(group("dev"), "2025-11-25");
        assertEquals("{\"contents\":[\"c-hub\"]}", outcome(bench, front, "resources/read", "{\"uri\":\"x://same\"}"));
    }

    @Test
    void anUnknownGroupIsNotFound() {
        Bench bench = bench(named("dev", Naming.PREFIX, Group.Filters.NONE, "b-git"));
        FakeReply reply = bench.initialize(group("prod"), "2025-11-25", "{}");
        assertEquals(404, reply.status());
        assertTrue(reply.text().contains("group_not_found"), reply.text());
        assertTrue(reply.text().contains("/api/mcp/groups"), reply.text());
    }

    @Test
    void onlyMembersAreToldOfChanges() {
        Bench bench = bench(named("dev", Naming.PREFIX, Group.Filters.NONE, "b-git"));
        Bench.Front dev = bench.opened(group("dev"), "2025-11-25");
        Bench.Front whole = bench.opened(all(), "2025-11-25");
        FakeReply ofDev = bench.send("GET", dev, "");
        FakeReply ofAll = bench.send("GET", whole, "");
        bench.timer.advance(INTERVAL.multipliedBy(5));
        ofDev.sink.events.clear();
        ofAll.sink.events.clear();
        bench.router.servers.get("a-alone").answers("tools/list", "{\"tools\":[]}");
        bench.saysChanged("a-alone", "notifications/tools/list_changed");
        bench.timer.advance(INTERVAL.multipliedBy(2));
        assertEquals(List.of(), ofDev.sink.data());
        assertEquals(1, ofAll.sink.data().size());
    }

    @Test
    void aGroupThatIsRedefinedShowsItsNewMembersAndOneThatIsGoneEndsItsSessions() {
        Bench bench = bench(
                named("dev", Naming.PREFIX, Group.Filters.NONE, "b-git"),
                named("old", Naming.PREFIX, Group.Filters.NONE, "b-git"));
        Bench.Front dev = bench.opened(group("dev"), "2025-11-25");
        Bench.Front old = bench.opened(group("old"), "2025-11-25");
        bench.gateway.regroup(List.of(named("dev", Naming.PREFIX, Group.Filters.NONE, "a-alone")));
        assertEquals(List.of("c-hub__log", "c-hub__issue", "a-alone__solo"), names(bench, dev));
        assertEquals(404, bench.call(old, "tools/list", "{}").status());
    }

    @Test
    void aSessionOfOneGroupIsNoneOfAnother() {
        Bench bench = bench(named("dev", Naming.PREFIX, Group.Filters.NONE, "b-git"));
        Bench.Front dev = bench.opened(group("dev"), "2025-11-25");
        assertEquals(
                404,
                bench.call(all().session(dev.session()), "tools/list", "{}").status());
    }
}
