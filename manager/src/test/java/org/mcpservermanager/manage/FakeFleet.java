package org.mcpservermanager.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Usage;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.Fleet;

/** A fleet without processes: each operation ends as the test said, at once or when the test says so. */
public final class FakeFleet implements Fleet {
    public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    public static final String SECRET = "canary-2f1c";
    private final Map<ServerId, Snapshot> servers = new ConcurrentSkipListMap<>();
    private final Map<ServerId, CompletionStage<Snapshot>> outcomes = new TreeMap<>();
    public final List<String> asked = new ArrayList<>();
    public final List<Event.Output> lines = new ArrayList<>();

    public static ServerSpec spec(String id, Wire wire) {
        return ServerSpec.of(new ServerId(id), wire, "test");
    }

    public static Wire wire() {
        return new Wire.Stdio("node", List.of("server.js"), Map.of("TOKEN", SECRET, "A", SECRET), "");
    }

    public static Snapshot stopped(String id) {
        return new Snapshot(
                spec(id, wire()),
                Wish.DOWN,
                Phase.STOPPED,
                StartStep.NONE,
                Health.UNKNOWN,
                0,
                Snapshot.Counts.NONE,
                Snapshot.Running.NONE,
                Snapshot.Failure.NONE);
    }

    public static Snapshot running(String id) {
        return new Snapshot(
                spec(id, wire()),
                Wish.UP,
                Phase.RUNNING,
                StartStep.NONE,
                Health.HEALTHY,
                7,
                new Snapshot.Counts(7, 3, 4, 0, 100, 2, 1, Snapshot.Copies.NONE),
                new Snapshot.Running(
                        4711,
                        Optional.of(NOW.minusSeconds(60)),
                        Optional.of(NOW.minusSeconds(59)),
                        "group",
                        0,
                        "2025-11-25",
                        "echo",
                        "1.0"),
                Snapshot.Failure.NONE,
                Snapshot.Checks.NONE,
                new Usage(
                        123_456_789,
                        Duration.ofMillis(4321),
                        12.5,
                        3,
                        17,
                        -1,
                        -1,
                        0,
                        Optional.of(NOW),
                        Usage.Source.PS));
    }

    public static Snapshot failed(String id, Phase phase, Problem problem) {
        return new Snapshot(
                spec(id, wire()),
                Wish.UP,
                phase,
                StartStep.NONE,
                Health.CRITICAL,
                3,
                new Snapshot.Counts(3, 2, 3, 3, 0, 0, 0, Snapshot.Copies.NONE),
                Snapshot.Running.NONE,
                new Snapshot.Failure(
                        Optional.of(problem),
                        Optional.of(new Exit(-1, 9)),
                        Optional.of(NOW),
                        Optional.of(NOW.plusSeconds(4)),
                        false),
                new Snapshot.Checks(
                        12,
                        List.of("process 7 is gone", "\"x\""),
                        Optional.of(NOW),
                        Optional.of(Duration.ofMillis(15))),
                Usage.NONE);
    }

    public FakeFleet with(Snapshot server) {
        servers.put(server.id(), server);
        return this;
    }

    public FakeFleet without(String id) {
        servers.remove(new ServerId(id));
        return this;
    }

    /** The next operation on the server ends so. */
    public FakeFleet ends(Snapshot server) {
        outcomes.put(server.id(), CompletableFuture.completedStage(server));
        return this;
    }

    public FakeFleet ends(String id, CompletionStage<Snapshot> outcome) {
        outcomes.put(new ServerId(id), outcome);
        return this;
    }

    private CompletionStage<Snapshot> carryOut(String what, ServerId id) {
        asked.add(what + " " + id);
        return outcomes.getOrDefault(id, CompletableFuture.completedStage(servers.get(id)));
    }

    @Override
    public List<Snapshot> servers() {
        return List.copyOf(servers.values());
    }

    @Override
    public Optional<Snapshot> server(ServerId id) {
        return Optional.ofNullable(servers.get(id));
    }

    @Override
    public CompletionStage<Snapshot> start(ServerId id) {
        return carryOut("start", id);
    }

    @Override
    public CompletionStage<Snapshot> stop(ServerId id, boolean force) {
        return carryOut(force ? "kill" : "stop", id);
    }

    @Override
    public CompletionStage<Snapshot> restart(ServerId id) {
        return carryOut("restart", id);
    }

    @Override
    public CompletionStage<Snapshot> update(ServerSpec spec) {
        asked.add("update " + spec.id());
        servers.computeIfPresent(spec.id(), (id, server) -> as(spec, server));
        return outcomes.getOrDefault(spec.id(), CompletableFuture.completedStage(servers.get(spec.id())));
    }

    @Override
    public void add(List<ServerSpec> specs) {
        for (ServerSpec spec : specs) {
            if (servers.containsKey(spec.id())) {
                throw new ProblemException(
                        new Problem(Problem.SERVER_ALREADY_EXISTS, "Server '" + spec.id() + "' exists", "Rename."));
            }
            asked.add("add " + spec.id());
            servers.put(spec.id(), as(spec, stopped(spec.id().value())));
        }
    }

    private static Snapshot as(ServerSpec spec, Snapshot template) {
        return new Snapshot(
                spec,
                template.wish(),
                template.phase(),
                template.step(),
                template.health(),
                template.generation(),
                template.counts(),
                template.running(),
                template.failure());
    }

    @Override
    public CompletionStage<Snapshot> remove(ServerId id) {
        asked.add("remove " + id);
        Snapshot removed = servers.remove(id);
        return CompletableFuture.completedStage(removed);
    }

    @Override
    public List<Event.Output> output(ServerId id, int linesMax) {
        return lines.subList(Math.max(0, lines.size() - linesMax), lines.size());
    }
}
