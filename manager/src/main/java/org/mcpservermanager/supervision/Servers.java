package org.mcpservermanager.supervision;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import org.mcpservermanager.health.CheckSlots;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.Launcher;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartOrder;
import org.mcpservermanager.server.Usage;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.transport.Web;

/** The fleet: one {@link Supervisor} for each server. */
public final class Servers implements Fleet, AutoCloseable {
    private final ConcurrentSkipListMap<ServerId, Supervisor> supervisors = new ConcurrentSkipListMap<>();
    private final Set<Supervisor> leaving = ConcurrentHashMap.newKeySet();
    private final Surroundings surroundings;
    private final Map<ServerId, Wish> storedWishes;
    private final Events.Subscription gate;
    private final Runnable network;

    Servers(Surroundings surroundings, Map<ServerId, Wish> storedWishes) {
        this(surroundings, storedWishes, () -> {});
    }

    private Servers(Surroundings surroundings, Map<ServerId, Wish> storedWishes, Runnable network) {
        this.network = network;
        this.surroundings = surroundings;
        this.storedWishes = Map.copyOf(storedWishes);
        surroundings.gate().guard(supervisors);
        gate = surroundings.events().subscribe(surroundings.gate()::on);
    }

    /** An empty fleet whose servers are real processes, and that forgets with the process what they speak. */
    public static Servers open(
            FleetSettings settings,
            Launches launches,
            Launcher launcher,
            Events events,
            Wishes wishes,
            Executor executor,
            ScheduledExecutorService timer) {
        return open(settings, launches, launcher, Eras.inMemory(), events, wishes, executor, timer);
    }

    /** An empty fleet whose servers are real processes. */
    public static Servers open(
            FleetSettings settings,
            Launches launches,
            Launcher launcher,
            Eras eras,
            Events events,
            Wishes wishes,
            Executor executor,
            ScheduledExecutorService timer) {
        StartSlots slots = new StartSlots(settings.startConcurrency(), System::nanoTime, timer);
        Web web = Web.open(executor, timer);
        Surroundings surroundings = new Surroundings(
                launches,
                launcher,
                new Dialers(new Opener(eras), web, settings.customs(), timer),
                slots,
                new StartGate(slots),
                new CheckSlots(settings.checkConcurrency()),
                events,
                wishes,
                executor,
                timer,
                System::nanoTime,
                Clock.systemUTC(),
                () -> ThreadLocalRandom.current().nextDouble(),
                settings.managerProfile(),
                settings.askableProfile(),
                settings.ports());
        return new Servers(surroundings, settings.wishes(), web::close);
    }

    public Optional<Supervisor> find(ServerId id) {
        return Optional.ofNullable(supervisors.get(id));
    }

    /** Tells every server what was just measured; completes with whether one of them should be measured again soon. */
    CompletableFuture<Boolean> measured(Map<Child, Usage> usages) {
        return supervisors.values().stream()
                .map(each -> each.measured(usages))
                .reduce(CompletableFuture.completedFuture(false), (a, b) -> a.thenCombine(b, Boolean::logicalOr));
    }

    @Override
    public List<Snapshot> servers() {
        return supervisors.values().stream().map(Supervisor::snapshot).toList();
    }

    @Override
    public Optional<Snapshot> server(ServerId id) {
        return find(id).map(Supervisor::snapshot);
    }

    @Override
    public Optional<Problem> hostFault() {
        return surroundings.slots().hostFault();
    }

    @Override
    public CompletionStage<Snapshot> start(ServerId id) {
        Supervisor server = existing(id);
        startNeeded(server, new HashSet<>());
        return server.start();
    }

    /** What it requires, and what that requires: the wish that it is up is a wish that they are. */
    private void startNeeded(Supervisor server, Set<ServerId> seen) {
        server.spec().start().dependencies().needed().stream()
                .filter(seen::add)
                .flatMap(id -> find(id).stream())
                .forEach(needed -> {
                    startNeeded(needed, seen);
                    if (needed.snapshot().phase() != Phase.RUNNING) {
                        needed.start();
                    }
                });
    }

    @Override
    public CompletionStage<Snapshot> stop(ServerId id, boolean force) {
        return existing(id).stop(force);
    }

    @Override
    public CompletionStage<Snapshot> restart(ServerId id) {
        Supervisor server = existing(id);
        startNeeded(server, new HashSet<>());
        return server.restart();
    }

    @Override
    public List<Event.Output> output(ServerId id, int linesMax) {
        return existing(id).output(linesMax);
    }

    @Override
    public void add(List<ServerSpec> specs) {
        List<Supervisor> added = new ArrayList<>();
        synchronized (this) {
            specs.stream()
                    .map(ServerSpec::id)
                    .filter(supervisors::containsKey)
                    .findFirst()
                    .ifPresent(this::refuse);
            refuseCycle(specs);
            for (ServerSpec spec : StartOrder.of(specs)) {
                Supervisor supervisor = new Supervisor(spec, firstWish(spec), surroundings);
                if (supervisor.snapshot().wish() == Wish.UP) {
                    recover(supervisor);
                }
                supervisors.put(spec.id(), supervisor);
                added.add(supervisor);
            }
            surroundings.gate().changed();
        }
        added.forEach(each -> publish(each.spec().id(), Event.FleetChanged.Change.ADDED));
        added.stream().filter(each -> each.snapshot().wish() == Wish.UP).forEach(this::startFirst);
    }

    /** Its port counts as taken before anybody asks for one. */
    private void recover(Supervisor server) {
        Survivor.of(server.spec(), surroundings.launcher()).ifPresent(survivor -> {
            surroundings.ports().keep(survivor.port());
            server.recover(survivor);
        });
    }

    private void startFirst(Supervisor server) {
        server.spec().start().dependencies().needed().stream()
                .flatMap(id -> find(id).stream())
                .filter(needed -> !storedWishes.containsKey(needed.spec().id()))
                .filter(needed -> needed.snapshot().wish() == Wish.DOWN)
                .forEach(this::startFirst);
        server.start();
    }

    private void refuseCycle(List<ServerSpec> specs) {
        List<ServerSpec> all = new ArrayList<>(specs);
        supervisors.values().stream()
                .map(Supervisor::spec)
                .filter(old -> specs.stream().noneMatch(spec -> spec.id().equals(old.id())))
                .forEach(all::add);
        StartOrder.cycle(all).ifPresent(cycle -> {
            throw new ProblemException(StartOrder.problem(cycle));
        });
    }

    @Override
    public CompletionStage<Snapshot> update(ServerSpec spec) {
        Supervisor server = existing(spec.id());
        ServerSpec before;
        synchronized (this) {
            refuseLeaving(server);
            refuseCycle(List.of(spec));
            before = server.exchange(spec);
            surroundings.gate().changed();
        }
        if (before.from(spec.source()).equals(spec)) {
            return CompletableFuture.completedFuture(server.snapshot());
        }
        CompletionStage<Snapshot> updated = server.reconfigure(!before.launchesAs(spec));
        publish(spec.id(), Event.FleetChanged.Change.CHANGED);
        return updated;
    }

    private Wish firstWish(ServerSpec spec) {
        return storedWishes.getOrDefault(spec.id(), spec.autoStart() ? Wish.UP : Wish.DOWN);
    }

    @Override
    public CompletionStage<Snapshot> remove(ServerId id) {
        Supervisor server = existing(id);
        synchronized (this) {
            leaving.add(server);
        }
        // while some of its tree lives, the next one of that name would be a second copy
        server.gone().thenRun(() -> forget(id, server));
        return server.close();
    }

    private void forget(ServerId id, Supervisor server) {
        leaving.remove(server);
        if (supervisors.remove(id, server)) {
            surroundings.gate().changed();
            publish(id, Event.FleetChanged.Change.REMOVED);
        }
    }

    /**
     * Ends every server, each after those that come after it, leaving the wishes as they are; returns when no process lives or one
     * cannot be ended.
     */
    @Override
    public void close() {
        Map<ServerId, CompletableFuture<Snapshot>> ends = new HashMap<>();
        List<Supervisor> order =
                new ArrayList<>(StartOrder.of(supervisors.values().stream()
                                .map(Supervisor::spec)
                                .toList())
                        .stream()
                        .map(spec -> supervisors.get(spec.id()))
                        .filter(Objects::nonNull)
                        .toList());
        Collections.reverse(order);
        for (Supervisor server : order) {
            CompletableFuture<?>[] dependents = order.stream()
                    .filter(other -> other.spec()
                            .start()
                            .dependencies()
                            .all()
                            .contains(server.spec().id()))
                    .flatMap(other -> Optional.ofNullable(ends.get(other.spec().id())).stream())
                    .toArray(CompletableFuture<?>[]::new);
            ends.put(server.spec().id(), CompletableFuture.allOf(dependents).thenCompose(none -> server.close()));
        }
        CompletableFuture.allOf(ends.values().toArray(CompletableFuture<?>[]::new))
                .join();
        gate.close();
        network.run();
    }

    private Supervisor existing(ServerId id) {
        return find(id).orElseThrow(
                        () -> new ProblemException(
                                new Problem(
                                        Problem.SERVER_NOT_FOUND,
                                        "Server '" + id + "' not found",
                                        "GET /api/mcp/servers lists the servers; add it to the configuration file or define it with POST /api/mcp/servers.")));
    }

    private void refuse(ServerId id) {
        find(id).ifPresent(this::refuseLeaving);
        throw new ProblemException(new Problem(
                Problem.SERVER_ALREADY_EXISTS,
                "Server '" + id + "' already exists",
                "Choose another id, or remove the existing server first."));
    }

    private void refuseLeaving(Supervisor server) {
        if (leaving.contains(server)) {
            throw new ProblemException(
                    new Problem(
                            Problem.SERVER_ALREADY_EXISTS,
                            "Server '" + server.spec().id()
                                    + "' is being removed, and some of its processes are still alive",
                            "Wait until it is gone, or end them by hand: they may wait for a device or a network file system."));
        }
    }

    private void publish(ServerId id, Event.FleetChanged.Change change) {
        surroundings
                .events()
                .publish(new Event.FleetChanged(id, change, surroundings.clock().instant()));
    }
}
