package org.mcpservermanager.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.conversation.DirectExchange;
import org.mcpservermanager.conversation.ManagerClient;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.supervision.FleetSettings;
import org.mcpservermanager.supervision.RealFleet;
import org.mcpservermanager.supervision.Servers;

/** Servers that are replaced under load, with real processes. */
@Tag("process")
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ReplacementIT {
    private static final ServerId ID = new ServerId("echo");
    private static final Profile PROFILE =
            new Profile("2025-11-25", "{}", "{\"name\":\"test\",\"version\":\"1\"}", false);
    private static final int CALLERS = 4;
    private static final int CALLS_MIN = 1000;
    private static final int RESTARTS = 10;

    @TempDir
    private Path state;

    private RealFleet fleet;
    private Servers servers;
    private FleetRouter router;

    @BeforeEach
    void open() throws Exception {
        fleet = RealFleet.open(state, new FleetSettings(3, PROFILE, PROFILE, Map.of()), event -> {});
        servers = fleet.servers();
        router = new FleetRouter(servers, fleet.events(), PROFILE, Duration.ZERO, Clock.systemUTC());
        List<String> command = Launching.command(EchoServer.class);
        ServerSpec plain = ServerSpec.of(
                ID, new Wire.Stdio(command.get(0), command.subList(1, command.size()), Map.of(), ""), "test");
        servers.add(List.of(plain.with(plain.restart().overlapping(true))));
        assertEquals(Phase.RUNNING, restarted().phase());
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    private Snapshot restarted() throws Exception {
        return servers.restart(ID).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private Message call(String tool, String arguments) throws Exception {
        DirectExchange exchange = new DirectExchange(
                Message.request("7", "tools/call", "{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}"),
                new ManagerClient(PROFILE));
        router.send(ID, exchange);
        return exchange.outcome().get(60, TimeUnit.SECONDS);
    }

    @Test
    void noCallIsLostWhileCopiesReplaceEachOther() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Set<String> pids = ConcurrentHashMap.newKeySet();
        ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
        List<Future<Integer>> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            boolean slow = caller == 0;
            callers.add(fleet.workers().submit(() -> {
                int calls = 0;
                for (; !over.get() || calls < CALLS_MIN / CALLERS / (slow ? 10 : 1); calls++) {
                    Message answer = slow ? call("slow", "{\"ms\":50}") : call("pid", "{}");
                    if (answer.kind() != Message.Kind.RESULT) {
                        lost.add(answer.error());
                    } else if (!slow) {
                        pids.add(JsonText.member(answer.result(), "structuredContent"));
                    }
                }
                return calls;
            }));
        }
        long before = servers.server(ID).orElseThrow().generation();
        for (int i = 0; i < RESTARTS; i++) {
            assertEquals(Phase.RUNNING, restarted().phase());
        }
        over.set(true);
        int calls = 0;
        for (Future<Integer> caller : callers) {
            calls += caller.get(60, TimeUnit.SECONDS);
        }
        assertEquals(List.of(), List.copyOf(lost), "of " + calls + " calls");
        assertTrue(calls >= CALLS_MIN - CALLS_MIN / CALLERS, calls + " calls");
        assertEquals(before + RESTARTS, servers.server(ID).orElseThrow().generation());
        assertTrue(pids.size() >= RESTARTS, "copies that answered: " + pids.size());
    }

    @Test
    void anUpdateThatCannotRunLeavesTheOldCopyServing() throws Exception {
        String pid = call("pid", "{}").result();
        ServerSpec spec = servers.server(ID).orElseThrow().spec();
        Snapshot after = servers.update(spec.with(new Wire.Stdio("/no/such/command", List.of(), Map.of(), "")))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        assertEquals(Phase.RUNNING, after.phase());
        assertEquals(
                Problem.REPLACEMENT_FAILED,
                after.failure().problem().orElseThrow().code());
        assertEquals(pid, call("pid", "{}").result());

        servers.update(spec).toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertEquals(Phase.RUNNING, restarted().phase());
    }
}
