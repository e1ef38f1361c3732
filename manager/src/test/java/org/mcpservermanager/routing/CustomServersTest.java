package org.mcpservermanager.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.example.greeter.Greeter;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.custom.Connection;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Spoken;

/** Servers inside the manager, supervised as all others. */
class CustomServersTest extends CustomFleet {
    @Test
    void answersReportsProgressAndAsksBack() throws Exception {
        beans.all.put("bean", Greeter::new);
        Snapshot running = start(spec(Spoken.Choice.AUTO));
        assertEquals(Phase.RUNNING, running.phase(), running::toString);
        assertEquals("greeter", running.running().serverName());
        Asked client = new Asked();
        router.attach(ID, client).toCompletableFuture().get(30, TimeUnit.SECONDS);
        Message greeted = call(client, "tools/call", tool("greet")).get(30, TimeUnit.SECONDS);
        assertTrue(greeted.result().contains("Salve, Ada!"), greeted.result() + greeted.error());
        Message counted = call(client, "tools/call", tool("count")).get(30, TimeUnit.SECONDS);
        assertTrue(counted.result().contains("one, two, three"), counted.result());
        assertTrue(servers.output(ID, 10).stream().anyMatch(line -> line.line().equals("greeting with Salve")));

        Snapshot stopped = servers.stop(ID, false).toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(Phase.STOPPED, stopped.phase());
        awaitNoThreads();
    }

    @Test
    void aCopyThatDidNotKnowTheQuestionWhatItSpeaksIsReplacedOnce() throws Exception {
        beans.all.put("bean", Odd::new);
        start(spec(Spoken.Choice.AUTO));
        assertEquals(List.of("start", "stop", "destroyed bean", "start"), told);
        servers.restart(ID).toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(List.of("stop", "destroyed bean", "start"), told.subList(4, told.size()));
    }

    @Test
    void aModernBeanIsKeptAndSharedByAll() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            public void handle(String message, Connection connection) throws Exception {
                String id = Message.parse(message.getBytes(UTF_8)).id();
                String members = message.contains("\"server/discover\"")
                        ? "\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},\"ttlMs\":0,"
                                + "\"cacheScope\":\"private\""
                        : "\"content\":[]";
                connection.send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"resultType\":\"complete\","
                        + members + "}}");
            }
        });
        Snapshot running = start(spec(Spoken.Choice.AUTO));
        assertEquals("2026-07-28", running.running().protocolVersion());
        Asked client = new Asked();
        router.attach(ID, client).toCompletableFuture().get(30, TimeUnit.SECONDS);
        Message called = call(client, "tools/call", tool("any")).get(30, TimeUnit.SECONDS);
        assertTrue(called.result().contains("\"content\":[]"), called.result() + called.error());
        assertEquals(List.of("start"), told);
    }

    @Test
    void anUnknownBeanIsFatalAndThoseThereAreAreListed() throws Exception {
        beans.all.put("clock", Odd::new);
        beans.all.put("abacus", Odd::new);
        Snapshot fatal = start(spec(Spoken.Choice.AUTO));
        assertEquals(Phase.FATAL, fatal.phase());
        Problem problem = fatal.failure().problem().orElseThrow();
        assertEquals(Problem.BEAN_NOT_FOUND, problem.code());
        assertEquals("bean: \"bean\", server 'srv' (test) (expected: one of [abacus, clock])", problem.message());
    }

    @Test
    void anUnknownCheckIsFatalToo() throws Exception {
        beans.all.put("bean", Odd::new);
        checks.all.put("disk", () -> server -> Optional.empty());
        Snapshot fatal = start(spec(Spoken.Choice.LEGACY)
                .draft()
                .health(HealthPolicy.DEFAULT.by(HealthPolicy.Way.custom("disc")))
                .spec());
        assertEquals(Phase.FATAL, fatal.phase());
        assertEquals(
                "health.bean: \"disc\", server 'srv' (test) (expected: one of [disk])",
                fatal.failure().problem().orElseThrow().message());
    }

    @Test
    void aCheckByABeanIsInterruptedWhenItTakesTooLong() throws Exception {
        beans.all.put("bean", Odd::new);
        checks.all.put("disk", () -> server -> {
            try {
                over.await();
            } catch (InterruptedException interrupted) {
                told.add("interrupted " + server);
                throw interrupted;
            }
            return Optional.empty();
        });
        start(spec(Spoken.Choice.LEGACY)
                .draft()
                .health(often(HealthPolicy.Way.custom("disk")))
                .spec());
        await(() -> told.contains("interrupted srv"), told);
        await(
                () -> snapshot().checks().issues().toString().contains("bean \"disk\" was not answered within 200 ms"),
                told);
    }
}
