package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mcpservermanager.process.BaseEnvironment;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.Launch;
import org.mcpservermanager.process.Launcher;
import org.mcpservermanager.process.PosixLauncher;
import org.mcpservermanager.process.StateLock;
import org.mcpservermanager.process.Survival;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;

/** The servers of one test as real processes, with all that they need. */
public final class RealFleet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Events events = new Events();
    private final ExecutorService workers = Executors.newFixedThreadPool(16);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final AtomicInteger launches = new AtomicInteger();
    private final StateLock lock;
    private final PosixLauncher launcher;
    private final Servers servers;

    private RealFleet(Path state, FleetSettings settings, Consumer<Event> listener) throws IOException {
        lock = StateLock.take(state);
        launcher = PosixLauncher.open(lock);
        events.subscribe(listener);
        servers = Servers.open(
                settings,
                new ProcessLaunches(BaseEnvironment.ofThisJvm(), state.resolve("servers")),
                counting(launcher),
                events,
                (server, wish) -> {},
                workers,
                timer);
    }

    private Launcher counting(Launcher counted) {
        return new Launcher() {
            @Override
            public Child launch(Launch launch) {
                launches.incrementAndGet();
                return counted.launch(launch);
            }

            @Override
            public Optional<Survival> survivor(ServerId server) {
                return counted.survivor(server);
            }

            @Override
            public Optional<Child> adopt(ServerId server) {
                return counted.adopt(server);
            }
        };
    }

    public static RealFleet open(Path state, FleetSettings settings, Consumer<Event> listener) throws IOException {
        return new RealFleet(state, settings, listener);
    }

    public Servers servers() {
        return servers;
    }

    public Events events() {
        return events;
    }

    public ExecutorService workers() {
        return workers;
    }

    /** How many processes were to be started, in vain or not. */
    public int launches() {
        return launches.get();
    }

    /** It has one thread. */
    public ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    public PosixLauncher launcher() {
        return launcher;
    }

    /** @param what has become of it, for the failure */
    Snapshot await(ServerId server, String what, Predicate<Snapshot> condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Snapshot last = servers.server(server).orElseThrow();
        while (!condition.test(last)) {
            if (System.nanoTime() > deadline) {
                fail("not " + what + ": " + last + "\n" + servers.output(server, 50));
            }
            LockSupport.parkNanos(5_000_000);
            last = servers.server(server).orElseThrow();
        }
        return last;
    }

    /** However often. */
    static RestartPolicy restartingAfter(Duration delay) {
        return new RestartPolicy(
                RestartPolicy.Mode.PERMANENT, true, delay, delay, 1000, Duration.ofSeconds(60), Set.of());
    }

    @Override
    public void close() throws IOException {
        servers.close();
        launcher.close();
        lock.close();
        workers.shutdownNow();
        timer.shutdownNow();
    }
}
