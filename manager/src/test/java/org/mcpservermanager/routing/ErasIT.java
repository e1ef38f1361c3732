package org.mcpservermanager.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.DirectExchange;
import org.mcpservermanager.conversation.ManagerClient;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;
import org.mcpservermanager.fixture.ModernServer;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.supervision.FleetSettings;
import org.mcpservermanager.supervision.RealFleet;
import org.mcpservermanager.supervision.Servers;

/** Servers of which nobody says what they speak, as real processes. */
@Tag("process")
@Timeout(120)
class ErasIT {
    private static final ServerId ID = new ServerId("srv");
    private static final Profile PROFILE =
            new Profile("2025-11-25", "{}", "{\"name\":\"test\",\"version\":\"1\"}", false);

    @TempDir
    private Path state;

    private RealFleet fleet;
    private Servers servers;
    private FleetRouter router;

    @BeforeEach
    void open() throws Exception {
        fleet = RealFleet.open(state, new FleetSettings(3, PROFILE, PROFILE, Map.of()), event -> {});
        servers = fleet.servers();
        router = new FleetRouter(servers, fleet.events(), PROFILE, Duration.ofSeconds(30), Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    private Snapshot started(Class<?> program, Spoken spoken) throws Exception {
        List<String> command = Launching.command(program);
        ServerSpec plain = ServerSpec.of(
                ID, new Wire.Stdio(command.get(0), command.subList(1, command.size()), Map.of(), ""), "test");
        servers.add(List.of(plain.with(spoken)));
        return servers.start(ID).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private Message call(Client client, String tool, String arguments) throws Exception {
        DirectExchange exchange = new DirectExchange(
                Message.request("7", "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}"),
                client);
        router.send(ID, exchange);
        return exchange.outcome().get(60, TimeUnit.SECONDS);
    }

    private String structured(Client client, String tool, String arguments) throws Exception {
        Message answer = call(client, tool, arguments);
        return JsonText.member(answer.result(), "structuredContent") + answer.error();
    }

    @Test
    void keepsTheProcessOfAModernServerAndSharesItWithEverybody() throws Exception {
        Snapshot started = started(ModernServer.class, Spoken.AUTO);
        assertEquals("2026-07-28", started.running().protocolVersion());
        assertEquals("modern", started.running().serverName());
        assertEquals(1, fleet.launches());

        Asked client = new Asked();
        router.attach(ID, client).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals("{\"pid\":" + started.running().pid() + "}", structured(client, "pid", "{}"));
        assertTrue(structured(client, "whoami", "{}").contains("\"name\":\"asked\""));
        assertEquals(1, fleet.launches());

        call(client, "changed", "{}");
        assertEquals(
                "notifications/tools/list_changed",
                client.told.poll(30, TimeUnit.SECONDS).method());
    }

    @Test
    void askedAgainAfterItsServerDiedAClientFindsItsWishesKept() throws Exception {
        started(ModernServer.class, Spoken.AUTO);
        Asked client = new Asked();
        router.attach(ID, client).toCompletableFuture().get(60, TimeUnit.SECONDS);
        DirectExchange level =
                new DirectExchange(Message.request("1", "logging/setLevel", "{\"level\":\"alert\"}"), client);
        router.send(ID, level);
        assertEquals("{}", level.outcome().get(60, TimeUnit.SECONDS).result());
        Snapshot again = servers.restart(ID).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(Phase.RUNNING, again.phase());
        assertEquals(2, fleet.launches());
        assertTrue(structured(client, "whoami", "{}").contains("logLevel\":\"alert\""));
    }

    @Test
    void putsAQuestionOfAModernServerToItsClient() throws Exception {
        started(ModernServer.class, Spoken.AUTO);
        // the manager's own call needs an answer that a real exchange gives: the client's
        Asked client = new Asked();
        String requests = "{\"requests\":{\"k\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"m\","
                + "\"requestedSchema\":{\"type\":\"object\",\"properties\":{}}}}}}";
        String answer = structured(client, "ask", requests);
        assertTrue(answer.contains("\"k\":{\"action\":\"accept\""), answer);
        assertTrue(answer.contains("\"state\":\"asked\""), answer);
    }

    @Test
    void startsALegacyServerTwiceTheFirstTimeAndOnceFromThenOn() throws Exception {
        Snapshot started = started(EchoServer.class, Spoken.AUTO);
        assertEquals(Phase.RUNNING, started.phase());
        assertEquals("2025-11-25", started.running().protocolVersion());
        assertEquals(1, started.generation());
        assertEquals(2, fleet.launches());
        assertEquals("{\"pid\":" + started.running().pid() + "}", structured(new ManagerClient(PROFILE), "pid", "{}"));
        servers.restart(ID).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(3, fleet.launches());
    }

    @Test
    void believesWhatTheOperatorSays() throws Exception {
        Snapshot started = started(EchoServer.class, new Spoken(Spoken.Choice.AUTO, "2025-06-18"));
        assertEquals("2025-06-18", started.running().protocolVersion());
        assertEquals(1, fleet.launches());
    }

    @Test
    void failsAServerThatDoesNotSpeakWhatTheOperatorSays() throws Exception {
        Snapshot failed = started(EchoServer.class, new Spoken(Spoken.Choice.MODERN, ""));
        assertEquals(
                Problem.NOT_MODERN, failed.failure().problem().orElseThrow().code());
    }
}
