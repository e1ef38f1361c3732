package org.mcpservermanager.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mcpservermanager.config.ConfigReader;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;
import org.mcpservermanager.fixture.Nasty;
import org.mcpservermanager.process.PosixLauncher;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.supervision.FleetSettings;
import org.mcpservermanager.supervision.RealFleet;
import org.mcpservermanager.supervision.ResourceWatch;
import org.mcpservermanager.supervision.Servers;

/** The fleet as the manager runs it, without the container around it, on real processes; entries are those of a configuration file. */
final class Rig implements AutoCloseable {
    /** Short enough for a test, and a server that is merely slow on a busy machine is not taken for a dead one. */
    static final String QUICK =
            "\"restart_delay\":\"20ms\",\"end_of_input_timeout\":\"100ms\",\"shutdown_timeout\":\"500ms\"";

    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Profile PROFILE =
            new Profile("2025-11-25", "{}", "{\"name\":\"faults\",\"version\":\"1\"}", false);

    /** Digits that are in the command lines of all processes of this rig; sleep takes them for a number. */
    final String tag = "88" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000_000L);

    final Events events;
    final Queue<Event> heard = new ConcurrentLinkedQueue<>();
    final PosixLauncher launcher;
    final Servers servers;
    final Path state;
    private final RealFleet fleet;
    private final ResourceWatch watch;

    Rig(Path state) throws IOException {
        this(state, Duration.ofMillis(100));
    }

    Rig(Path state, Duration sampleEvery) throws IOException {
        this.state = state;
        fleet = RealFleet.open(state, new FleetSettings(3, PROFILE, PROFILE, Map.of()), event -> {
            if (!(event instanceof Event.Output)) {
                heard.add(event);
            }
        });
        events = fleet.events();
        launcher = fleet.launcher();
        servers = fleet.servers();
        watch = ResourceWatch.start(servers, launcher, fleet.workers(), fleet.timer(), sampleEvery);
    }

    /** @param more members of the entry, or empty */
    ServerSpec spec(String id, List<String> command, String more) {
        JsonObject own = Json.createReader(new StringReader("{" + more + "}")).readObject();
        JsonObjectBuilder entry = Json.createObjectBuilder(own)
                .add("command", command.get(0))
                .add("args", Json.createArrayBuilder(command.subList(1, command.size())));
        return new ConfigReader(Map.of(), state).entry(new ServerId(id), entry.build(), "test");
    }

    void add(String id, List<String> command, String more) {
        servers.add(List.of(spec(id, command, more)));
    }

    /** Adds the server, quick to restart and to stop, and leaves it to itself. */
    void nasty(String id, String... habit) {
        add(id, Nasty.habit(tag, habit), QUICK);
    }

    void nasty(String id, Map<String, String> more, String... habit) {
        StringBuilder all = new StringBuilder(QUICK);
        more.forEach((key, value) -> all.append(",\"" + key + "\":" + value));
        add(id, Nasty.habit(tag, habit), all.toString());
    }

    Snapshot running(String id) {
        return until(id, Phase.RUNNING);
    }

    /** A well-behaved server beside the others. */
    void healthy(String id) {
        add(id, Launching.command(EchoServer.class, tag), QUICK);
        running(id);
    }

    Snapshot server(String id) {
        return servers.server(new ServerId(id)).orElseThrow();
    }

    Snapshot until(String id, Phase phase) {
        return until(id, "be " + phase, server -> server.phase() == phase);
    }

    Snapshot until(String id, String what, Predicate<Snapshot> reached) {
        until(() -> reached.test(server(id)), () -> id + " should " + what + ": " + server(id) + "\n" + heard);
        return server(id);
    }

    static void until(BooleanSupplier reached, Supplier<String> story) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + PATIENCE + ": " + story.get());
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Calls the tool echo; the answer is the whole message, also when it is an error. */
    CompletableFuture<String> call(String id, String arguments) {
        return call(id, "echo", arguments);
    }

    CompletableFuture<String> call(String id, String tool, String arguments) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        OneCall call = new OneCall(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                        + "\",\"arguments\":" + arguments + "}}",
                PROFILE,
                message -> answer.complete(text(message)));
        servers.find(new ServerId(id))
                .orElseThrow()
                .conversation()
                .ifPresentOrElse(open -> open.begin(call), () -> answer.complete("no conversation: " + server(id)));
        return answer;
    }

    String answer(String id, String arguments) {
        return call(id, arguments)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    Snapshot stop(String id) {
        return servers.stop(new ServerId(id), false)
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** What became of the server, in order. */
    List<Phase> phases(String id) {
        return changes(id).map(Event.PhaseChanged::to).toList();
    }

    Stream<Event.PhaseChanged> changes(String id) {
        return heard.stream()
                .filter(Event.PhaseChanged.class::isInstance)
                .map(Event.PhaseChanged.class::cast)
                .filter(change -> change.server().value().equals(id));
    }

    /** Every process of this rig's servers, by its command line; asks no code of ours. */
    List<String> alive() {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(path -> path.getFileName().toString().matches("\\d+"))
                    .map(path -> path.getFileName() + " " + read(path.resolve("cmdline")))
                    .filter(line -> line.contains(tag))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), UTF_8).replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }

    static String text(Message message) {
        return new String(message.bytes(), UTF_8);
    }

    ScheduledThreadPoolExecutor timer() {
        return fleet.timer();
    }

    @Override
    public void close() throws IOException {
        watch.close();
        fleet.close();
    }
}
