package org.mcpservermanager.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.example.greeter.Greeter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.custom.Connection;
import org.mcpservermanager.custom.CustomCheck;
import org.mcpservermanager.custom.CustomServer;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Dependencies;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Quota;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.supervision.Customs;
import org.mcpservermanager.supervision.FleetSettings;
import org.mcpservermanager.supervision.Servers;

/** Servers inside the manager, supervised as all others. */
@Timeout(60)
class CustomServersTest {
    private static final ServerId ID = new ServerId("srv");
    private static final Profile PROFILE =
            new Profile("2025-11-25", "{}", "{\"name\":\"test\",\"version\":\"1\"}", false);

    private final Events events = new Events();
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Beans<CustomServer> beans = new Beans<>();
    private final Beans<CustomCheck> checks = new Beans<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private Servers servers;
    private FleetRouter router;

    /** Makes a new bean whenever one is asked for. */
    private final class Beans<T> implements Customs.Shelf<T> {
        private final Map<String, Supplier<T>> all = new ConcurrentHashMap<>();

        @Override
        public List<String> names() {
            return all.keySet().stream().sorted().toList();
        }

        @Override
        public Customs.Lent<T> lend(String name) {
            T made = all.get(name).get();
            return new Customs.Lent<>() {
                @Override
                public T object() {
                    return made;
                }

                @Override
                public void close() {
                    told.add("destroyed " + name);
                }
            };
        }
    }

    /** The example, and what a test makes of it. */
    private class Odd implements CustomServer {
        private final Greeter greeter = new Greeter();

        @Override
        public void start(Connection connection) throws Exception {
            told.add("start");
        }

        @Override
        public void handle(String message, Connection connection) throws Exception {
            if (message.contains("\"method\":\"odd\"")) {
                odd(message, connection);
            } else {
                greeter.handle(message, connection);
            }
        }

        void odd(String message, Connection connection) throws Exception {
            connection.log("odd: " + message);
            throw new IllegalStateException("oddly broken");
        }

        @Override
        public void stop(Connection connection) throws Exception {
            told.add("stop");
        }
    }

    private static final class Asked implements Client {
        private final List<Message> heard = new CopyOnWriteArrayList<>();

        @Override
        public Profile profile() {
            return new Profile("2025-11-25", "{\"elicitation\":{}}", "{\"name\":\"asked\",\"version\":\"1\"}", true);
        }

        @Override
        public void tell(Message notification) {
            heard.add(notification);
        }

        @Override
        public CompletionStage<Message> ask(Message question) {
            return CompletableFuture.completedFuture(
                    Message.result(question.id(), "{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}"));
        }
    }

    private static final class Plain implements Client {
        @Override
        public Profile profile() {
            return PROFILE;
        }

        @Override
        public void tell(Message notification) {
            // hears nothing that a test looks at
        }

        @Override
        public CompletionStage<Message> ask(Message question) {
            throw new AssertionError("asked " + question);
        }
    }

    @BeforeEach
    void open() {
        Customs customs = new Customs(beans, checks, task -> {
            Thread thread = new Thread(task);
            threads.add(thread);
            return thread;
        });
        servers = Servers.open(
                new FleetSettings(3, PROFILE, PROFILE, Map.of()).with(customs),
                (spec, number) -> {
                    throw new AssertionError("a custom server has no process");
                },
                launch -> {
                    throw new LaunchRefused(new Problem("no", "no process here", ""), false);
                },
                events,
                (server, wish) -> {},
                workers,
                timer);
        router = new FleetRouter(servers, events, PROFILE, Duration.ofSeconds(30), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        over.countDown();
        servers.close();
        workers.shutdownNow();
        timer.shutdownNow();
    }

    private static ServerSpec spec(Spoken.Choice era) {
        ServerSpec plain = ServerSpec.of(ID, new Wire.Custom("bean", Map.of("GREETING", "Salve")), "test");
        return plain.draft()
                .spoken(new Spoken(era, ""))
                .restart(new RestartPolicy(
                        RestartPolicy.Mode.PERMANENT,
                        true,
                        Duration.ofMillis(50),
                        Duration.ofSeconds(1),
                        5,
                        Duration.ofSeconds(60),
                        Set.of()))
                .health(HealthPolicy.DEFAULT.by(HealthPolicy.Way.custom("")))
                .spec();
    }

    private static ServerSpec patient(Timeouts timeouts) {
        return spec(Spoken.Choice.LEGACY).draft().timeouts(timeouts).spec();
    }

    private Snapshot start(ServerSpec spec) throws Exception {
        servers.add(List.of(spec));
        return servers.start(ID).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private CompletableFuture<Message> call(Client client, String method, String params) {
        DirectExchange exchange = new DirectExchange(Message.request("7", method, params), client);
        router.send(ID, exchange);
        return exchange.outcome();
    }

    private static String tool(String name) {
        return "{\"name\":\"" + name + "\",\"_meta\":{\"progressToken\":5}}";
    }

    private static void await(BooleanSupplier condition, Object shown) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + shown);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    private Snapshot snapshot() {
        return servers.server(ID).orElseThrow();
    }

    private void awaitPhase(Phase phase) throws InterruptedException {
        await(() -> snapshot().phase() == phase, phase + " " + told);
    }

    private void awaitNoThreads() throws InterruptedException {
        await(() -> threads.stream().noneMatch(Thread::isAlive), threads);
    }

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
                connection.send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"resultType\":\"complete\"," + members
                        + "}}");
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
    void whatHandleThrowsFailsTheOpenCallsAndIsAFailureUnderTheRestartPolicy() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        beans.all.put("bean", () -> new Odd() {
            @Override
            void odd(String message, Connection connection) throws Exception {
                if (message.contains("wait")) {
                    called.countDown();
                    over.await();
                }
                super.odd(message, connection);
            }
        });
        start(spec(Spoken.Choice.LEGACY));
        CompletableFuture<Message> open = call(new Plain(), "odd", "{\"wait\":1}");
        assertTrue(called.await(10, TimeUnit.SECONDS));
        Message lost = call(new Plain(), "odd", "{}").get(10, TimeUnit.SECONDS);
        assertTrue(lost.error().contains("oddly broken"), lost.error());
        assertTrue(open.get(10, TimeUnit.SECONDS).error().contains("oddly broken"));
        await(() -> snapshot().generation() == 2 && snapshot().phase() == Phase.RUNNING, told);
        assertEquals(List.of("start", "stop", "destroyed bean", "start"), told);
        assertTrue(servers.output(ID, 100).stream()
                .anyMatch(line -> line.line().contains("java.lang.IllegalStateException: oddly broken")));
    }

    @Test
    void aServerSaysThatItIsBroken() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            void odd(String message, Connection connection) {
                connection.fail("the clock has stopped");
            }
        });
        start(spec(Spoken.Choice.LEGACY)
                .with(new RestartPolicy(
                        RestartPolicy.Mode.TEMPORARY,
                        true,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1,
                        Duration.ofSeconds(1),
                        Set.of())));
        Message lost = call(new Plain(), "odd", "{}").get(10, TimeUnit.SECONDS);
        assertTrue(lost.error().contains("says that it is broken: the clock has stopped"), lost.error());
        awaitPhase(Phase.EXITED);
        awaitNoThreads();
    }

    @Test
    void aStartThatThrowsIsTriedAgain() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            public void start(Connection connection) throws Exception {
                super.start(connection);
                if (told.size() < 4) {
                    throw new IOException("no clock");
                }
            }
        });
        Snapshot failed = start(spec(Spoken.Choice.LEGACY));
        assertEquals(Phase.BACKOFF, failed.phase());
        assertEquals(
                "bean \"bean\" of server \"srv\" threw in start: java.io.IOException: no clock",
                failed.failure().problem().orElseThrow().message());
        awaitPhase(Phase.RUNNING);
        assertEquals(List.of("start", "stop", "destroyed bean"), told.subList(0, 3));
    }

    @Test
    void aStartThatHangsIsInterruptedAtItsTimeout() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            public void start(Connection connection) throws Exception {
                over.await();
            }
        });
        Timeouts standard = Timeouts.DEFAULT;
        Snapshot failed = start(patient(
                new Timeouts(Duration.ofMillis(300), standard.request(), Duration.ofMillis(50), standard.stop())));
        assertEquals(
                Problem.STARTUP_TIMEOUT,
                failed.failure().problem().orElseThrow().code());
        await(() -> told.contains("destroyed bean"), told);
        servers.stop(ID, true).toCompletableFuture().get(10, TimeUnit.SECONDS);
        awaitNoThreads();
    }

    @Test
    void aStopThatHangsIsReportedAndHoldsUpNobodyElse() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            public void stop(Connection connection) {
                hangOn();
            }

            private void hangOn() {
                while (over.getCount() > 0) {
                    try {
                        over.await();
                    } catch (InterruptedException ignored) {
                        told.add("interrupted");
                    }
                }
            }
        });
        beans.all.put("other", Greeter::new);
        start(patient(new Timeouts(
                Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(50), Duration.ofMillis(50))));
        ServerSpec other = ServerSpec.of(new ServerId("other"), new Wire.Custom("other", Map.of()), "test");
        Snapshot stuck = servers.stop(ID, false).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(Phase.STOPPING, stuck.phase());
        assertTrue(stuck.failure().stuck());
        assertTrue(told.contains("interrupted"), told::toString);
        await(
                () -> servers.output(ID, 10).stream()
                        .anyMatch(line -> line.line().contains("still runs: at")
                                && line.line().contains("hangOn")),
                servers.output(ID, 10));

        servers.add(List.of(other));
        assertEquals(
                Phase.RUNNING,
                servers.start(other.id())
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .phase());

        over.countDown();
        awaitPhase(Phase.STOPPED);
    }

    @Test
    void callsThatHangAreInterruptedWhenTheServerStops() throws Exception {
        CountDownLatch called = new CountDownLatch(16);
        beans.all.put("bean", () -> new Odd() {
            @Override
            void odd(String message, Connection connection) throws Exception {
                called.countDown();
                over.await();
            }
        });
        start(spec(Spoken.Choice.LEGACY)
                .draft()
                .timeouts(new Timeouts(
                        Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(50), Duration.ofSeconds(5)))
                .quota(new Quota(0, 0, true))
                .start(new StartRules(Duration.ofSeconds(30), Duration.ofMillis(1), Dependencies.NONE))
                .spec());
        List<CompletableFuture<Message>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(call(new Plain(), "odd", "{}"));
        }
        assertTrue(called.await(10, TimeUnit.SECONDS), () -> called + " " + calls);
        Snapshot stopped = servers.stop(ID, false).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(Phase.STOPPED, stopped.phase());
        for (CompletableFuture<Message> call : calls) {
            assertFalse(call.get(10, TimeUnit.SECONDS).error().isEmpty());
        }
        awaitNoThreads();
    }

    private static HealthPolicy often(HealthPolicy.Way way) {
        Duration soon = Duration.ofMillis(20);
        return new HealthPolicy(
                        true,
                        soon,
                        soon,
                        Duration.ofMillis(200),
                        2,
                        1,
                        Duration.ofSeconds(2),
                        HealthPolicy.Request.PING)
                .by(way);
    }

    @Test
    void aServerThatSaysItIsNotWellIsReplaced() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            public Optional<String> health(Connection connection) {
                return told.size() > 1 ? Optional.empty() : Optional.of("the clock is late");
            }
        });
        start(spec(Spoken.Choice.LEGACY)
                .draft()
                .health(often(HealthPolicy.Way.custom("")))
                .spec());
        await(() -> snapshot().generation() == 2 && snapshot().phase() == Phase.RUNNING, told);
        await(() -> snapshot().health() == Health.HEALTHY && snapshot().checks().count() > 1, told);
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
