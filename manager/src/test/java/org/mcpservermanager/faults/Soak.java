package org.mcpservermanager.faults;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;
import org.mcpservermanager.fixture.Nasty;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;

/**
 * Servers with random bad habits beside healthy ones that are under load: {@code Soak SECONDS [SERVERS] [SEED]}. First the healthy ones
 * alone, then all together, with habits that change all the time; at the end everything must be gone. Prints what it measured, and
 * exits with 1 when a promise was broken.
 */
public final class Soak {
    private static final int HEALTHY = 5;
    private static final Duration CALL_PAUSE = Duration.ofMillis(20);
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
    private static final Duration SETTLED = Duration.ofSeconds(60);
    private static final long HEAP_GROWTH_MAX = 24L << 20;
    private static final List<String[]> HABITS = List.of(
            new String[] {"exit", "3"},
            new String[] {"no-ready"},
            new String[] {"installs", "20"},
            new String[] {"exit-after", "2"},
            new String[] {"hang-after", "3"},
            new String[] {"stop-after", "3"},
            new String[] {"slow-answer", "0.3"},
            new String[] {"ignores-signals"},
            new String[] {"slow-term", "1"},
            new String[] {"kids", "3"},
            new String[] {"setsid-kids", "3"},
            new String[] {"nested-kids"},
            new String[] {"halted-kids"},
            new String[] {"bare-kids"},
            new String[] {"leaves-orphans"},
            new String[] {"daemonizes"},
            new String[] {"respawns"},
            new String[] {"zombies"},
            new String[] {"fork-bomb", "120"},
            new String[] {"memory-hog", "30000000"},
            new String[] {"out-flood"},
            new String[] {"only-floods"},
            new String[] {"err-flood"},
            new String[] {"err-burst", "2000000"},
            new String[] {"binary", "65536"},
            new String[] {"banner"},
            new String[] {"big-line", "20000000"},
            new String[] {"split-utf8"},
            new String[] {"bytewise"},
            new String[] {"torn"},
            new String[] {"dies", "SEGV"},
            new String[] {"dies", "KILL"},
            new String[] {"exits", "0"},
            new String[] {"hangs"},
            new String[] {"close-out"},
            new String[] {"close-err"},
            new String[] {"no-read"},
            new String[] {"slow-read"},
            new String[] {"/no/such/command"});

    private final Rig rig;
    private final Random random;
    private final int nastyCount;
    private final AtomicInteger habits = new AtomicInteger();
    private final AtomicInteger deaths = new AtomicInteger();
    private final List<Long> heaps = new CopyOnWriteArrayList<>();
    private final List<String> broken = new ArrayList<>();

    private Soak(Rig rig, int nastyCount, long seed) {
        this.rig = rig;
        this.nastyCount = nastyCount;
        this.random = new Random(seed);
        rig.events.subscribe(event -> {
            rig.heard.clear();
            if (event instanceof Event.ProcessExited) {
                deaths.incrementAndGet();
            }
        });
    }

    public static void main(String... arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.SEVERE);
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 600;
        int servers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
        Path state = Files.createTempDirectory("soak");
        say(
                "%d s, %d servers with bad habits, %d healthy ones, seed %d, %d processors, load %s",
                seconds, servers, HEALTHY, seed, Runtime.getRuntime().availableProcessors(), load());
        Soak soak = new Soak(new Rig(state, Duration.ofSeconds(2)), servers, seed);
        soak.run(seconds);
        delete(state);
        soak.broken.forEach(promise -> say("BROKEN: %s", promise));
        say(soak.broken.isEmpty() ? "every promise was kept" : "%d promises were broken", soak.broken.size());
        System.exit(soak.broken.isEmpty() ? 0 : 1);
    }

    private void run(int seconds) throws Exception {
        for (int i = 0; i < HEALTHY; i++) {
            rig.add("well-" + i, Launching.command(EchoServer.class, rig.tag), "\"restart_policy\":\"permanent\"");
        }
        for (int i = 0; i < HEALTHY; i++) {
            rig.running("well-" + i);
        }
        int alone = Math.max(5, Math.min(60, seconds / 5));
        load(Duration.ofSeconds(Math.max(2, alone / 4)));
        Latencies quiet = load(Duration.ofSeconds(alone));
        say("alone:    %s, load %s", quiet, load());

        int threads = Thread.activeCount();
        int files = openFiles();
        for (int i = 0; i < nastyCount; i++) {
            rig.servers.add(List.of(spec(i)));
        }
        CompletableFuture<Void> trouble =
                CompletableFuture.runAsync(() -> makeTrouble(Duration.ofSeconds(seconds - alone)));
        Latencies beside = load(Duration.ofSeconds(seconds - alone));
        trouble.get(2, TimeUnit.MINUTES);
        say("together: %s, load %s", beside, load());
        say("habits tried %d, processes that ended %d", habits.get(), deaths.get());

        long heap = heap();
        removeNasty();
        check(quiet.failed + beside.failed == 0, "healthy servers lost calls: " + (quiet.failed + beside.failed));
        check(
                beside.p99() <= Math.max(2 * quiet.p99(), 1_000_000),
                "p99 " + beside.p99() / 1000 + " us, alone " + quiet.p99() / 1000 + " us (expected: at most twice)");
        settle("threads", threads + 2, Thread::activeCount);
        settle("file descriptors", files + 2, Soak::openFiles);
        for (int i = 0; i < HEALTHY; i++) {
            check(rig.server("well-" + i).generation() == 1, "well-" + i + " was replaced");
        }
        long before = heaps.isEmpty() ? heap : heaps.get(0);
        say(
                "heap after GC: %s MB while it ran, %d MB at the end",
                heaps.stream().map(bytes -> Long.toString(bytes >> 20)).toList(), heap() >> 20);
        check(heap() - before < HEAP_GROWTH_MAX, "heap grew from " + (before >> 20) + " to " + (heap() >> 20) + " MB");
        rig.close();
        settle("processes", 0, () -> rig.alive().size());
        if (!rig.alive().isEmpty()) {
            rig.alive().forEach(line -> say("left: %s", line));
        }
    }

    /** Changes the habit of one server after the other, calls them, kills them, and gives operators' orders. */
    private void makeTrouble(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        long nextHeap = System.nanoTime();
        while (System.nanoTime() < end) {
            int i = random.nextInt(nastyCount);
            ServerId id = new ServerId("nasty-" + i);
            switch (random.nextInt(8)) {
                case 0, 1 -> rig.servers.update(spec(i));
                case 2 -> rig.servers.restart(id);
                case 3 -> rig.servers.stop(id, random.nextBoolean());
                case 4 -> rig.servers.start(id);
                default -> rig.call(id.value(), "{\"n\":1}");
            }
            if (System.nanoTime() > nextHeap) {
                heaps.add(heap());
                nextHeap = System.nanoTime() + length.toNanos() / 6;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private ServerSpec spec(int i) {
        String[] habit = HABITS.get(random.nextInt(HABITS.size()));
        habits.incrementAndGet();
        String containment = random.nextBoolean() ? "auto" : "group";
        String more = "\"restart_delay\":\"500ms\",\"restart_delay_max\":\"5s\",\"max_restart_attempts\":1000,"
                + "\"end_of_input_timeout\":\"200ms\",\"shutdown_timeout\":\"1s\",\"drain_timeout\":\"200ms\","
                + "\"startup_timeout\":\"5s\",\"startup_timeout_max\":\"10s\",\"request_timeout\":\"3s\","
                + "\"health\":{\"interval\":\"2s\",\"recovery_interval\":\"1s\",\"timeout\":\"2s\"},"
                + "\"limits\":{\"processes\":80,\"memory_mb\":200},\"containment\":\"" + containment + "\"";
        List<String> command = habit[0].startsWith("/") ? List.of(habit) : Nasty.habit(rig.tag, habit);
        return rig.spec("nasty-" + i, command, more);
    }

    private void removeNasty() {
        List<CompletableFuture<?>> removed = new ArrayList<>();
        for (int i = 0; i < nastyCount; i++) {
            removed.add(rig.servers.remove(new ServerId("nasty-" + i)).toCompletableFuture());
        }
        CompletableFuture.allOf(removed.toArray(CompletableFuture<?>[]::new))
                .orTimeout(SETTLED.toSeconds(), TimeUnit.SECONDS)
                .join();
        long kin = rig.alive().stream()
                .filter(line -> !line.contains("EchoServer"))
                .count();
        check(kin == 0, kin + " processes are left of removed servers: " + rig.alive());
    }

    /** One caller for each healthy server, one call after the other. */
    private Latencies load(Duration length) {
        List<CompletableFuture<Latencies>> callers = new ArrayList<>();
        for (int i = 0; i < HEALTHY; i++) {
            String id = "well-" + i;
            CompletableFuture<Latencies> done = new CompletableFuture<>();
            new Thread(() -> done.complete(callFor(id, length)), "caller-" + id).start();
            callers.add(done);
        }
        return callers.stream().map(CompletableFuture::join).reduce(new Latencies(), Latencies::plus);
    }

    private Latencies callFor(String id, Duration length) {
        Latencies latencies = new Latencies();
        long end = System.nanoTime() + length.toNanos();
        for (long n = 0; System.nanoTime() < end; n++) {
            long began = System.nanoTime();
            latencies.add(isAnswered(id, n), System.nanoTime() - began);
            LockSupport.parkNanos(CALL_PAUSE.toNanos());
        }
        return latencies;
    }

    private boolean isAnswered(String id, long n) {
        try {
            String answer = rig.call(id, "{\"n\":" + n + "}").get(CALL_LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (answer.contains("\"n\":" + n)) {
                return true;
            }
            say("lost: %s", answer);
        } catch (TimeoutException | ExecutionException failure) {
            say("lost: call %d of %s: %s", n, id, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void settle(String what, int most, java.util.function.IntSupplier count) {
        long deadline = System.nanoTime() + SETTLED.toNanos();
        while (count.getAsInt() > most && System.nanoTime() < deadline) {
            LockSupport.parkNanos(50_000_000);
        }
        say("%s at the end: %d (at most %d)", what, count.getAsInt(), most);
        check(count.getAsInt() <= most, what + " left: " + count.getAsInt() + " (expected: " + most + ")");
    }

    private void check(boolean kept, String promise) {
        if (!kept) {
            broken.add(promise);
        }
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }

    private static long heap() {
        System.gc();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return heap.getUsed();
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private static final class Latencies {
        private long[] nanos = new long[1024];
        private int count;
        private int failed;

        private void add(boolean answered, long took) {
            if (!answered) {
                failed++;
            }
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, count * 2);
            }
            nanos[count++] = took;
        }

        private Latencies plus(Latencies other) {
            for (int i = 0; i < other.count; i++) {
                add(true, other.nanos[i]);
            }
            failed += other.failed;
            return this;
        }

        private long at(double share) {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return count == 0 ? 0 : sorted[Math.min(count - 1, (int) (count * share))];
        }

        private long p99() {
            return at(0.99);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d calls, %d lost, p50 %d us, p99 %d us, max %d us",
                    count,
                    failed,
                    at(0.5) / 1000,
                    p99() / 1000,
                    at(1) / 1000);
        }
    }
}
