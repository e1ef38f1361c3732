package org.mcpservermanager.supervision;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.health.CheckSlots;
import org.mcpservermanager.process.Activity;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.Condition;
import org.mcpservermanager.process.Launch;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.process.Launcher;
import org.mcpservermanager.process.Survival;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.AlertPolicy;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.server.Wish;

/** Everything around a supervisor, under the control of a test: time, processes, handshakes. */
final class ScriptedWorld {
    /** A client that hears nothing and never answers. */
    static final class Session implements Client {
        @Override
        public Profile profile() {
            return PROFILE;
        }

        @Override
        public void tell(Message notification) {}

        @Override
        public CompletionStage<Message> ask(Message question) {
            return new CompletableFuture<>();
        }
    }

    static final class FakeChild implements Child {
        final CompletableFuture<Exit> exited = new CompletableFuture<>();
        final CompletableFuture<Void> empty = new CompletableFuture<>();
        final Launch launch;
        final CompletableFuture<Conversation> dialed = new CompletableFuture<>();
        final FakeConversation conversation = new FakeConversation();
        final List<Duration> ladder = new ArrayList<>();
        Dialer.Listener listener;
        boolean endsWhenStopped = true;
        boolean stuck;
        Activity activity = Activity.NONE;
        CompletableFuture<List<Long>> escaped = CompletableFuture.completedFuture(List.of());
        Optional<String> limitHit = Optional.empty();
        Condition condition = Condition.ALIVE;
        final CountDownLatch lookedAt = new CountDownLatch(1);

        FakeChild(Launch launch) {
            this.launch = launch;
        }

        void becomesReady() {
            dialed.complete(conversation);
        }

        /** @return false when it was dead already */
        boolean dies(int code) {
            return exited.complete(new Exit(code, 0));
        }

        @Override
        public long pid() {
            return 1000 + launch.generation();
        }

        @Override
        public Instant startedAt() {
            return Instant.EPOCH;
        }

        @Override
        public String containment() {
            return "group";
        }

        @Override
        public OutputStream stdin() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream stdout() {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public InputStream stderr() {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public Condition condition() {
            lookedAt.countDown();
            return exited.isDone() ? Condition.GONE : condition;
        }

        @Override
        public CompletableFuture<Exit> exited() {
            return exited;
        }

        @Override
        public CompletableFuture<Activity> activity() {
            return CompletableFuture.completedFuture(activity);
        }

        @Override
        public CompletableFuture<Boolean> stop(Duration endOfInput, Duration term) {
            ladder.add(endOfInput.plus(term));
            if (stuck) {
                return CompletableFuture.completedFuture(empty.isDone());
            }
            if (endsWhenStopped) {
                becomesEmpty();
            }
            return empty.thenApply(none -> true);
        }

        void becomesEmpty() {
            exited.complete(new Exit(0, 0));
            empty.complete(null);
        }

        @Override
        public Optional<String> limitHit() {
            return limitHit;
        }

        @Override
        public CompletableFuture<List<Long>> escaped() {
            return escaped;
        }

        @Override
        public CompletableFuture<Void> treeEmpty() {
            return empty;
        }
    }

    /** What a server makes of a request. */
    enum Manner {
        ANSWERS,
        REFUSES,
        HANGS
    }

    static final class FakeConversation implements Conversation {
        volatile Problem endedBecause;
        final CompletableFuture<Void> idle = new CompletableFuture<>();
        Manner manner = Manner.ANSWERS;
        int callsOfClients;
        Duration silence = Duration.ZERO;
        final List<Exchange> begun = new ArrayList<>();
        final List<String> cancelled = new ArrayList<>();

        static void answer(Exchange exchange) {
            exchange.complete(Message.result(exchange.request().id(), "{}"));
        }

        @Override
        public Peer peer() {
            return new Peer("2025-11-25", "{}", "{}", "", "{}", "", "fake", "1");
        }

        @Override
        public Call begin(Exchange exchange) {
            begun.add(exchange);
            switch (manner) {
                case ANSWERS -> answer(exchange);
                case REFUSES ->
                    exchange.complete(Message.error(
                            exchange.request().id(), RpcError.of(RpcError.SERVER_UNAVAILABLE, "its queue is full")));
                case HANGS -> {
                    return cancelled::add;
                }
            }
            return Call.DONE;
        }

        @Override
        public Duration silence() {
            return silence;
        }

        @Override
        public void tell(Message notification) {}

        @Override
        public int inFlight() {
            return callsOfClients;
        }

        @Override
        public CompletionStage<Void> idle() {
            return idle;
        }

        @Override
        public boolean isOver() {
            return endedBecause != null;
        }

        @Override
        public void end(Problem cause) {
            endedBecause = endedBecause == null ? cause : endedBecause;
        }
    }

    static final Profile PROFILE = new Profile("2025-11-25", "{}", "{\"name\":\"test\",\"version\":\"1\"}", false);

    final VirtualTime time = new VirtualTime();
    final List<FakeChild> children = new CopyOnWriteArrayList<>();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<Wish> wishes = new ArrayList<>();
    final Events bus = new Events();
    LaunchRefused refusal;
    int launches;
    final List<Launch> orders = new ArrayList<>();
    boolean readyAtOnce;
    /** Happens once, while a process is being made. */
    Runnable meanwhile = () -> {};

    private final StartSlots slots = new StartSlots(3, time::nanos, time);
    final Surroundings surroundings;

    ScriptedWorld() {
        this(Runnable::run);
    }

    ScriptedWorld(Executor executor) {
        bus.subscribe(events::add);
        surroundings = new Surroundings(
                (spec, number) -> new Launch(spec.id(), number, List.of("fake"), Map.of(), Path.of(".")),
                new FakeLauncher(),
                this::dial,
                slots,
                new StartGate(slots),
                new CheckSlots(CheckSlots.SLOTS_DEFAULT),
                bus,
                (server, wish) -> wishes.add(wish),
                executor,
                time,
                time::nanos,
                Clock.systemUTC(),
                () -> 0,
                PROFILE,
                PROFILE,
                Ports.standard());
    }

    /** What outlived an earlier manager; null: nothing. */
    Survival survival;

    private final class FakeLauncher implements Launcher {
        @Override
        public Child launch(Launch launch) {
            return ScriptedWorld.this.launch(launch);
        }

        @Override
        public Optional<Survival> survivor(ServerId server) {
            return Optional.ofNullable(survival);
        }

        @Override
        public Optional<Child> adopt(ServerId server) {
            return survivor(server).map(left -> {
                survival = null;
                FakeChild child = new FakeChild(new Launch(server, 0, List.of("left"), Map.of(), Path.of(".")));
                children.add(child);
                return child;
            });
        }
    }

    private Child launch(Launch launch) {
        launches++;
        orders.add(launch);
        Runnable happening = meanwhile;
        meanwhile = () -> {};
        happening.run();
        if (refusal != null) {
            throw refusal;
        }
        FakeChild child = new FakeChild(launch);
        children.add(child);
        return child;
    }

    private CompletionStage<Conversation> dial(
            ServerSpec spec, Child child, Profile offered, Owner owner, Dialer.Listener listener) {
        if (!(child instanceof FakeChild fake)) {
            return CompletableFuture.completedFuture(new FakeConversation());
        }
        fake.listener = listener;
        if (readyAtOnce) {
            fake.becomesReady();
        }
        return fake.dialed;
    }

    /** Waits for what follows from time that is not ours to advance. */
    void awaitChildren(int count) {
        long until = System.nanoTime() + 10_000_000_000L;
        while (children.size() < count) {
            if (System.nanoTime() > until) {
                throw new AssertionError(count + " children expected, there are " + children.size());
            }
            Thread.onSpinWait();
        }
    }

    FakeChild child() {
        return children.get(children.size() - 1);
    }

    static ServerSpec spec(String id, Limits limits, AlertPolicy alerts) {
        return spec(id, wire(), limits, alerts);
    }

    static ServerSpec spec(String id, Wire wire, Limits limits, AlertPolicy alerts) {
        return spec(id).draft().wire(wire).limits(limits).alerts(alerts).spec();
    }

    private static Wire wire() {
        return new Wire.Stdio("fake", List.of(), Map.of(), "");
    }

    static ServerSpec spec(String id) {
        return ServerSpec.of(new ServerId(id), wire(), "test").with(StartRules.DEFAULT.withSpares(0));
    }
}
