package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.config.ConfigProblem;
import org.mcpservermanager.config.ConfigReader;
import org.mcpservermanager.config.Loaded;
import org.mcpservermanager.manage.Configuration;
import org.mcpservermanager.manage.FakeFleet;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;

class ConfigFileTest {
    private static final ServerId A = new ServerId("a");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String TWO = "{\"mcpServers\":{\"a\":{\"command\":\"one\"},\"b\":{\"command\":\"two\"}}}";

    @TempDir
    private Path folder;

    private final FakeFleet fleet = new FakeFleet();
    private final Events bus = new Events();
    private final List<Event> events = new ArrayList<>();
    private final ConfigReader reader = new ConfigReader(Map.of("WHO", "me"), Path.of("/home/me"));
    private Path path;
    private final List<List<Group>> groups = new ArrayList<>();
    private ConfigFile file;

    @BeforeEach
    void start() throws IOException {
        bus.subscribe(events::add);
        path = folder.resolve("servers.json");
        write(TWO, Duration.ofHours(2));
        file = new ConfigFile(Optional.of(path), reader, fleet, groups::add, bus, Clock.fixed(NOW, ZoneOffset.UTC));
        Loaded first = file.first();
        assertEquals(List.of(), first.problems());
        fleet.add(first.specs());
        fleet.asked.clear();
    }

    private void write(String text, Duration age) throws IOException {
        Files.writeString(path, text);
        Files.setLastModifiedTime(path, FileTime.from(NOW.minus(age)));
    }

    private Configuration.Outcome reload(String text) throws IOException {
        write(text, Duration.ofHours(1));
        return file.reload();
    }

    @Test
    void touchesOnlyWhatChanged() throws IOException {
        Configuration.Outcome outcome = reload(
                "{\"mcpServers\":{\"c\":{\"command\":\"three\"},\"b\":{\"command\":\"two\"},\"a\":{\"command\":\"other\"}}}");
        assertEquals(List.of("update a", "add c"), fleet.asked);
        assertEquals(List.of(A), outcome.changed());
        assertEquals(List.of(new ServerId("c")), outcome.added());
        assertEquals(List.of(), outcome.removed());
    }

    @Test
    void anotherOrderIsNoChange() throws IOException {
        String list = "[{\"id\":\"%s\",\"command\":\"x\"},{\"id\":\"%s\",\"command\":\"x\"}]";
        reload(list.formatted("a", "b"));
        fleet.asked.clear();
        reload(list.formatted("b", "a"));
        reload(list.formatted("b", "a").replace("]", ",{\"id\":\"c\",\"command\":\"x\"}]"));
        assertEquals(List.of("add c"), fleet.asked);

        reload("[]");
        assertEquals(List.of("add c", "remove a", "remove b", "remove c"), fleet.asked);
    }

    @Test
    void aGroupIsAsTheFileSaysUnlessThatIsWrong() throws IOException {
        String servers = "{\"mcpServers\":{\"a\":{\"command\":\"one\"},\"b\":{\"command\":\"two\"}},\"groups\":";
        reload(servers + "{\"dev\":[\"a\"]}}");
        reload(servers + "{\"dev\":7}}");
        reload(servers + "{}}");

        assertEquals(
                List.of(List.of("dev"), List.of()),
                groups.stream()
                        .map(all -> all.stream().map(Group::name).toList())
                        .toList());
    }

    @Test
    void removesWhatIsGone() throws IOException {
        assertEquals(
                List.of(A),
                reload("{\"mcpServers\":{\"b\":{\"command\":\"two\"}}}").removed());
        assertEquals(List.of("remove a"), fleet.asked);
    }

    @Test
    void aWrongEntryKeepsTheOneBeforeAndSaysSoUntilItIsCorrected() throws IOException {
        Configuration.Outcome outcome = reload(
                "{\"mcpServers\":{\"a\":{\"command\":\"one\",\"priority\":\"high\"},\"b\":{\"command\":\"new\"}}}");
        assertEquals(List.of("update b"), fleet.asked);
        assertEquals(List.of(A), outcome.kept());
        assertEquals("one", command(A));
        assertTrue(file.problems().stream()
                .anyMatch(problem -> problem.isError() && problem.key().contains("priority")));
        assertEquals(List.of("alert:raised"), types());
        file.reload();
        assertEquals(List.of("alert:raised"), types());

        reload(TWO);
        assertEquals(List.of(), file.problems());
        assertEquals(List.of("alert:raised", "alert:over"), types());
    }

    private List<String> types() {
        return events.stream().map(Event::type).toList();
    }

    private String command(ServerId id) {
        return fleet.server(id).orElseThrow().spec().wire().toString().replaceAll("Stdio\\[(\\S+) .*", "$1");
    }

    @Test
    void aHalfWrittenFileChangesNothing() throws IOException {
        assertFalse(reload(TWO.substring(0, TWO.length() - 5)).read());
        assertFalse(reload("").read());
        assertEquals(List.of(), fleet.asked);
        assertEquals(1, file.problems().size());
    }

    @Test
    void aFileThatIsGoneChangesNothing() throws IOException {
        Files.delete(path);
        assertFalse(file.reload().read());
        assertEquals(List.of(), fleet.asked);
        assertEquals(
                ConfigProblem.CONFIGURATION_NOT_FOUND,
                file.problems().get(0).problem().code());
    }

    @Test
    void serversOfTheApiAreLeftAlone() throws IOException {
        ServerSpec own = fleet.server(A).orElseThrow().spec().from("api");
        fleet.update(own);
        fleet.asked.clear();
        reload("{\"mcpServers\":{\"a\":{\"command\":\"other\"},\"b\":{\"command\":\"two\"}}}");
        assertEquals(List.of(), fleet.asked);
        assertEquals(1, file.problems().size());

        assertEquals(
                List.of(),
                reload("{\"mcpServers\":{\"b\":{\"command\":\"two\"}}}").removed());
        assertEquals(List.of(), fleet.asked);
    }

    @Test
    void aServerThatAnOperatorRemovedComesBackOnlyWithAnotherEntry() throws IOException {
        fleet.without("a");
        reload(TWO);
        assertEquals(List.of(), fleet.asked);
        reload(TWO.replace("one", "other"));
        assertEquals(List.of("add a"), fleet.asked);
    }

    @Test
    void looksOnlyAtAFileThatChangedAndIsNotBeingWritten() throws IOException {
        file.look();
        write(TWO.replace("one", "other"), Duration.ofMillis(500));
        file.look();
        assertEquals(List.of(), fleet.asked);
        Files.setLastModifiedTime(path, FileTime.from(NOW.minusSeconds(5)));
        file.look();
        assertEquals(List.of("update a"), fleet.asked);
        file.look();
        assertEquals(List.of("update a"), fleet.asked);
    }

    @Test
    void variablesAreReplacedAsAtTheStart() throws IOException {
        reload(TWO.replace("one", "${WHO}"));
        assertEquals("me", command(A));
    }
}
