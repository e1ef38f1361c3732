package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.Naming;
import org.mcpservermanager.server.ServerId;

class GroupsReaderTest {
    private static Loaded read(String groups) {
        return ConfigReaderTest.read("{\"mcpServers\":{\"a\":{\"command\":\"c\"}},\"groups\":" + groups + "}");
    }

    @Test
    void readsAListOfServersAndAnObjectOfSettings() {
        Loaded loaded = read(
                """
                {"dev": ["a", "My Server"],
                 "web": {"tags": ["web"], "description": "d", "collisions": "priority", "tools": "search",
                         "disabled_tools": ["*rm*"], "enabled_resources": ["file:///*"]}}
                """);
        assertEquals(List.of(), loaded.problems());
        assertEquals(
                List.of(
                        new Group(
                                "dev",
                                "",
                                Set.of(new ServerId("a"), new ServerId("my-server")),
                                Set.of(),
                                Naming.PREFIX,
                                false,
                                Group.Filters.NONE,
                                "f.json groups.dev"),
                        new Group(
                                "web",
                                "d",
                                Set.of(),
                                Set.of("web"),
                                Naming.PRIORITY,
                                true,
                                new Group.Filters(
                                        new NameFilter(List.of(), List.of("*rm*")),
                                        NameFilter.ALL,
                                        new NameFilter(List.of("file:///*"), List.of())),
                                "f.json groups.web")),
                loaded.groups());
        assertEquals(1, loaded.specs().size());
    }

    @Test
    void readsAnArrayOfNamedGroups() {
        Loaded loaded = read("[{\"name\":\"Dev Tools\",\"servers\":[\"a\"]}]");
        assertEquals(List.of(), loaded.problems());
        assertEquals("dev-tools", loaded.groups().get(0).name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "7                                            | f.json: groups: neither an object nor an array",
                "{\"x\":7}                                    | f.json: groups.x: neither an array of servers nor an object",
                "{\"x\":{}}                                   | f.json: groups.x: no members",
                "{\"x\":[\"!\"]}                              | f.json: groups.x.servers: \"!\" is no server",
                "{\"!\":[\"a\"]}                              | f.json: groups.!: \"!\" gives no name",
                "{\"x\":[\"a\"],\"X\":[\"a\"]}                | f.json: groups.X: gives the name \"x\", which another",
                "{\"x\":{\"servers\":[\"a\"],\"collisions\":\"x\"}} | f.json: groups.x.collisions: \"x\" (expected: one of prefix",
                "{\"x\":{\"servers\":[\"a\"],\"tools\":\"few\"}} | f.json: groups.x.tools: \"few\" (expected: one of all",
                "{\"x\":{\"servers\":[\"a\"],\"tgas\":[]}}    | f.json: groups.x.tgas: unknown key, ignored",
                "{\"x\":{\"servers\":[\"a\"],\"command\":\"c\"}} | f.json: groups.x.command: unknown key, ignored"
            })
    void saysWhatIsWrongAndKeepsTheRest(String groups, String problem) {
        Loaded loaded = read(groups);
        String all = loaded.problems().toString();
        assertTrue(all.contains(problem), all);
        assertEquals(1, loaded.specs().size());
    }
}
