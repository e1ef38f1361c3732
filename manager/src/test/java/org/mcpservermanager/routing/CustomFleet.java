package org.mcpservermanager.routing;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.api.Timeout;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.DirectExchange;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.custom.Connection;
import org.mcpservermanager.custom.CustomCheck;
import org.mcpservermanager.custom.CustomServer;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.supervision.Customs;
import org.mcpservermanager.supervision.FleetSettings;
import org.mcpservermanager.supervision.Servers;

/** A fleet of servers inside the manager, whose beans are a test's. */
@Timeout(60)
abstract class CustomFleet {
    static final ServerId ID = new ServerId("srv");
    static final Profile PROFILE = new Profile("2025-11-25", "{}", "{\"name\":\"test\",\"version\":\"1\"}", false);

    final Events events = new Events();
    final ExecutorService workers = Executors.newFixedThreadPool(4);
    final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final List<String> told = new CopyOnWriteArrayList<>();
    final Beans<CustomServer> beans = new Beans<>();
    final Beans<CustomCheck> checks = new Beans<>();
    final CountDownLatch over = new CountDownLatch(1);
    Servers servers;
    FleetRouter router;

    /** Makes a new bean whenever one is asked for. */
    final class Beans<T> implements Customs.Shelf<T> {
        final Map<String, Supplier<T>> all = new ConcurrentHashMap<>();

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
    class Odd implements CustomServer {
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

    static final class Plain implements Client {
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
    final void open() {
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
    final void close() {
        over.countDown();
        servers.close();
        workers.shutdownNow();
        timer.shutdownNow();
    }

    static ServerSpec spec(Spoken.Choice era) {
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

    static ServerSpec patient(Timeouts timeouts) {
        return spec(Spoken.Choice.LEGACY).draft().timeouts(timeouts).spec();
    }

    Snapshot start(ServerSpec spec) throws Exception {
        servers.add(List.of(spec));
        return servers.start(ID).toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    CompletableFuture<Message> call(Client client, String method, String params) {
        DirectExchange exchange = new DirectExchange(Message.request("7", method, params), client);
        router.send(ID, exchange);
        return exchange.outcome();
    }

    static String tool(String name) {
        return "{\"name\":\"" + name + "\",\"_meta\":{\"progressToken\":5}}";
    }

    static void await(BooleanSupplier condition, Object shown) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + shown);
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    Snapshot snapshot() {
        return servers.server(ID).orElseThrow();
    }

    void awaitPhase(Phase phase) throws InterruptedException {
        await(() -> snapshot().phase() == phase, phase + " " + told);
    }

    void awaitNoThreads() throws InterruptedException {
        await(() -> threads.stream().noneMatch(Thread::isAlive), threads);
    }

    static HealthPolicy often(HealthPolicy.Way way) {
        Duration soon = Duration.ofMillis(20);
        return new HealthPolicy(
                        true,
                        soon,
                        soon,
                        Duration.ofMillis(200),
                        2,
                        1,
                        Duration.ofSeconds(2),
                        HealthPolicy.Request.PING,
                        HealthPolicy.Way.MCP)
                .by(way);
    }
}
