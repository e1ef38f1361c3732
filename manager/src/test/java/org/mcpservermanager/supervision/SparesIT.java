package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Wire;

/** Real processes that are started ahead. */
@Tag("process")
class SparesIT {
    private static final ServerId ID = new ServerId("loud");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A pipe takes 64 KiB: who waits until it can write more has not come to "up". */
    private static final String LOUD_AT_ITS_START =
            """
            head -c 204800 /dev/zero | tr '\\0' x | fold -w 10000 >&2
            echo "last words of $$" >&2
            : > "$0/up-$$"
            read hello
            printf '%s\\n' '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},\
            "serverInfo":{"name":"loud","version":"1"}}}'
            while read line; do :; done
            """;

    @TempDir
    Path state;

    @TempDir
    Path marks;

    private RealFleet fleet;

    @BeforeEach
    void open() throws Exception {
        FleetSettings settings = new FleetSettings(8, ScriptedWorld.PROFILE, ScriptedWorld.PROFILE, Map.of());
        fleet = RealFleet.open(state, settings, event -> {});
        ServerSpec spec = ServerSpec.of(
                        ID,
                        new Wire.Stdio("sh", List.of("-c", LOUD_AT_ITS_START, marks.toString()), Map.of(), ""),
                        "test")
                .with(new Spoken(Spoken.Choice.LEGACY, ""))
                .with(StartRules.DEFAULT.withSpares(1));
        fleet.servers().add(List.of(spec));
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    private List<String> marks() {
        return List.of(marks.toFile().list());
    }

    private void awaitUp(int copies) {
        until(() -> marks().size() >= copies, () -> copies + " copies, of " + marks());
    }

    private static void until(BooleanSupplier reached, Supplier<String> expected) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, expected);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private Conversation opens() throws Exception {
        return fleet.servers()
                .find(ID)
                .orElseThrow()
                .sessions()
                .of(new ScriptedWorld.Session())
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void oneThatPrintsMuchBeforeItIsSpokenToIsReadAndItsLastLinesAreItsClients() throws Exception {
        fleet.servers().start(ID);
        awaitUp(1);
        opens();
        awaitUp(3); // the shared one, that of the client, and the spare
        until(() -> silent().size() == 1, () -> "one that nobody hears, of " + silent());
        String spare = silent().get(0);

        Conversation second = opens();

        assertEquals("loud", second.peer().name());
        until(
                () -> !silent().contains(spare),
                () -> spare + " in " + fleet.servers().output(ID, 1000));
    }

    /** Those whose last words nobody has heard. */
    private List<String> silent() {
        return marks().stream().filter(mark -> !saidSo(mark)).toList();
    }

    private boolean saidSo(String mark) {
        String pid = mark.replace("up-", "");
        return fleet.servers().output(ID, 1000).stream()
                .map(Event.Output::line)
                .anyMatch(line -> line.endsWith("last words of " + pid));
    }
}
