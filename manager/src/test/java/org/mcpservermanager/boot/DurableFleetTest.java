package org.mcpservermanager.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.config.ConfigReader;
import org.mcpservermanager.config.SpecJson;
import org.mcpservermanager.manage.FakeFleet;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.supervision.Fleet;

class DurableFleetTest {
    private static final ServerId ECHO = new ServerId("echo");

    /** A database that can be away, and that sees what runs at the moment it is written to. */
    private final class FakeDefinitions implements Definitions {
        final Map<ServerId, String> rows = new TreeMap<>();
        final List<String> written = new ArrayList<>();
        boolean away;

        @Override
        public Map<ServerId, String> all() {
            return Map.copyOf(rows);
        }

        private void write(String what, ServerId server) {
            if (away) {
                throw new IllegalStateException("the database is away");
            }
            written.add(what + (fleet.server(server).isPresent() ? " while it is there" : " while it is not there"));
        }

        @Override
        public void save(ServerId server, String spec) {
            write("saved", server);
            rows.put(server, spec);
        }

        @Override
        public void forget(ServerId server) {
            write("forgotten", server);
            rows.remove(server);
        }

        @Override
        public void remove(ServerId server) {
            write("removed", server);
            rows.remove(server);
        }
    }

    private final FakeFleet fleet = new FakeFleet();
    private final Map<String, String> variables = new TreeMap<>(Map.of("TOKEN", FakeFleet.SECRET));
    private final Drafts drafts = new Drafts(new ConfigReader(variables, Path.of("/home")));
    private final FakeDefinitions definitions = new FakeDefinitions();
    private final DurableFleet durable = new DurableFleet(gate(), definitions, drafts);
    private boolean refuses;

    /** The fleet, which refuses every change when told to. */
    private Fleet gate() {
        return (Fleet) Proxy.newProxyInstance(
                Fleet.class.getClassLoader(), new Class<?>[] {Fleet.class}, (proxy, asked, args) -> {
                    if (refuses && Set.of("add", "update").contains(asked.getName())) {
                        throw new ProblemException(new Problem(Problem.INVALID_CONFIGURATION, "a cycle", ""));
                    }
                    try {
                        return asked.invoke(fleet, args);
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }

    private static ServerSpec spec(String command) {
        return FakeFleet.spec("echo", new Wire.Stdio(command, List.of(), Map.of(), ""));
    }

    @Test
    void whatIsDefinedIsKeptBeforeItIsThere() {
        durable.add(List.of(spec("one")));

        assertEquals(List.of("saved while it is not there"), definitions.written);
        assertEquals(spec("one"), SpecJson.read(definitions.rows.get(ECHO)));
        assertTrue(fleet.server(ECHO).isPresent());
    }

    private ServerSpec written(String token) {
        JsonObject entry = Json.createObjectBuilder()
                .add("command", "one")
                .add("env", Json.createObjectBuilder().add("TOKEN", token))
                .build();
        return drafts.read(ECHO, entry, "api");
    }

    @Test
    void aReferenceIsKeptAsOneAndResolvedAnewWhenItIsRead() {
        ServerSpec spec = written("${TOKEN}");
        durable.add(List.of(spec));

        String kept = definitions.rows.get(ECHO);
        assertFalse(kept.contains(FakeFleet.SECRET), kept);
        assertEquals(spec, drafts.stored(kept));
        Drafts later = new Drafts(new ConfigReader(Map.of("TOKEN", "other"), Path.of("/home")));
        assertEquals(Map.of("TOKEN", "other"), ((Wire.Stdio) later.stored(kept).wire()).environment());
        Drafts without = new Drafts(new ConfigReader(Map.of(), Path.of("/home")));
        assertThrows(ProblemException.class, () -> without.stored(kept));
    }

    @Test
    void whatIsWrittenOutIsKeptAsItIsThoughAReferenceSaidTheSame() {
        written("${TOKEN}");
        durable.add(List.of(written(FakeFleet.SECRET)));

        assertTrue(definitions.rows.get(ECHO).contains(FakeFleet.SECRET));
    }

    @Test
    void aChangeByReferenceIsKeptAsOne() {
        durable.add(List.of(spec("one")));
        durable.update(written("a-${TOKEN}-$${b}"));

        String kept = definitions.rows.get(ECHO);
        assertFalse(kept.contains(FakeFleet.SECRET), kept);
        assertEquals(
                Map.of("TOKEN", "a-" + FakeFleet.SECRET + "-${b}"),
                ((Wire.Stdio) drafts.stored(kept).wire()).environment());
    }

    @Test
    void draftsThatAreNeverStoredAreForgotten() {
        ServerSpec first = written("${TOKEN}");
        for (int i = 0; i < 64; i++) {
            written("${TOKEN}" + i);
        }

        assertTrue(drafts.text(first).contains(FakeFleet.SECRET));
        assertFalse(drafts.text(written("${TOKEN}63")).contains(FakeFleet.SECRET));
    }

    @Test
    void whatCannotBeKeptIsNotThere() {
        definitions.away = true;

        assertThrows(IllegalStateException.class, () -> durable.add(List.of(spec("one"))));
        assertFalse(fleet.server(ECHO).isPresent());
    }

    @Test
    void whatIsRefusedIsNotKept() {
        refuses = true;

        assertThrows(ProblemException.class, () -> durable.add(List.of(spec("one"))));

        assertEquals(Map.of(), definitions.rows);
    }

    @Test
    void aServerThatIsThereAlreadyKeepsItsDefinition() {
        durable.add(List.of(spec("one")));

        assertThrows(ProblemException.class, () -> durable.add(List.of(spec("two"))));

        assertEquals(spec("one"), SpecJson.read(definitions.rows.get(ECHO)));
    }

    @Test
    void aChangeIsKeptBeforeItIsMade() {
        durable.add(List.of(spec("one")));
        durable.update(spec("two"));

        assertEquals(spec("two"), SpecJson.read(definitions.rows.get(ECHO)));
        assertEquals(spec("two"), fleet.server(ECHO).map(Snapshot::spec).orElseThrow());
        assertEquals("saved while it is there", definitions.written.get(1));
    }

    @Test
    void aChangeThatCannotBeKeptIsNotMade() {
        durable.add(List.of(spec("one")));
        definitions.away = true;

        assertThrows(IllegalStateException.class, () -> durable.update(spec("two")));
        assertEquals(spec("one"), fleet.server(ECHO).map(Snapshot::spec).orElseThrow());
    }

    @Test
    void aChangeThatIsRefusedLeavesWhatWasKept() {
        durable.add(List.of(spec("one")));
        refuses = true;

        assertThrows(ProblemException.class, () -> durable.update(spec("two")));
        assertEquals(spec("one"), SpecJson.read(definitions.rows.get(ECHO)));
    }

    @Test
    void aRefusedChangeOfAServerFromAFileLeavesNoDefinition() {
        fleet.with(FakeFleet.stopped("echo"));
        refuses = true;

        assertThrows(ProblemException.class, () -> durable.update(spec("two")));
        assertEquals(Map.of(), definitions.rows);
    }

    @Test
    void theDefinitionOfAServerGoesAfterTheServer() {
        durable.add(List.of(spec("one")));
        durable.remove(ECHO).toCompletableFuture().join();

        assertEquals("removed while it is not there", definitions.written.get(1));
        assertEquals(Map.of(), definitions.rows);
    }
}
