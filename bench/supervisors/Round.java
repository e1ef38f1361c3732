import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Everything that is measured of one contestant, once. */
final class Round {
    /** What takes longer is not waited for. */
    static final long LIMIT_SECONDS = 120;

    private static final int SINGLE_KILLS = 31;
    private static final int STARTS_AGAIN = 5;
    private static final double PATIENCE = 10_000; // milliseconds: who takes longer to stop is not started again
    private static final long LIVED_LONG_ENOUGH = 1_200; // milliseconds: s6 and runit hold back whoever lived less than 1 s
    private static final long AT_REST = 5_000; // milliseconds: whoever was just started has finished with that
    private static final int LEAKERS = 20;

    private final Contestant contestant;
    private final Path directory;
    private final TreeMap<String, Double> figures = new TreeMap<>();
    private int openings;

    Round(Contestant contestant, Path directory) {
        this.contestant = contestant;
        this.directory = directory;
    }

    /** What was measured so far; infinite: longer than the limit. */
    TreeMap<String, Double> figures() {
        return figures;
    }

    void run(List<Integer> sizes, int idleSeconds) throws Exception {
        for (int size : sizes) {
            herd(size, size == sizes.get(sizes.size() - 1) ? idleSeconds : 0);
        }
        memoryAChild(sizes);
        leakers(false);
        leakers(true);
    }

    private interface Work {
        void with(Births births) throws Exception;
    }

    private void open(int size, boolean kids, Work work) throws Exception {
        Path dir = Files.createDirectories(directory.resolve(contestant.name() + "-" + ++openings));
        Path fifo = dir.resolve("fifo");
        try (Births births = new Births(fifo)) {
            Shell.fifo = fifo.toString();
            contestant.open(dir, names(size), kids);
            try {
                work.with(births);
            } finally {
                close(births);
            }
        }
    }

    private void close(Births births) throws Exception {
        List<Long> own = contestant.own();
        try {
            contestant.close();
        } catch (IllegalStateException late) {
            System.err.println("  " + late.getMessage() + "; it is killed");
            own.forEach(Round::kill);
            living(births).forEach(Round::kill);
        }
    }

    private static List<String> names(int size) {
        return IntStream.range(0, size).mapToObj(i -> "c" + i).collect(Collectors.toList());
    }

    private void herd(int size, int idleSeconds) throws Exception {
        open(size, false, births -> {
            TimeUnit.MILLISECONDS.sleep(AT_REST);
            long began = System.nanoTime();
            contestant.startAll();
            List<Births.Birth> all = births.await(0, size, 300);
            put(size + " started, ms", millis(lastOf(all) - began));
            put(size + " started and ready, ms", millis(System.nanoTime() - began));
            TimeUnit.MILLISECONDS.sleep(2 * LIVED_LONG_ENOUGH);
            put(size + " running: its memory, MiB", Proc.memoryKib(contestant.own()) / 1024.0);
            if (idleSeconds > 0) {
                idle(size, idleSeconds);
                singleKills(births, all);
            }
            massKill(births, size);
            stop(births, size);
            startAgain(births, size);
        });
    }

    /** From the difference of the smallest and the largest herd, so that what the supervisor needs anyway does not count. */
    private void memoryAChild(List<Integer> sizes) {
        int few = sizes.get(0);
        int many = sizes.get(sizes.size() - 1);
        if (many > few) {
            double difference =
                    figures.get(many + " running: its memory, MiB") - figures.get(few + " running: its memory, MiB");
            put("memory a child, KiB", 1024 * difference / (many - few));
        }
    }

    private void idle(int size, int seconds) throws Exception {
        List<Long> own = contestant.own();
        double before = Proc.cpuSeconds(own);
        TimeUnit.SECONDS.sleep(seconds);
        put(size + " idle, % of a core", 100 * (Proc.cpuSeconds(own) - before) / seconds);
    }

    private void singleKills(Births births, List<Births.Birth> all) throws Exception {
        List<Double> latencies = new ArrayList<>();
        for (int i = 0; i < Math.min(SINGLE_KILLS, all.size()); i++) {
            int before = births.count();
            long at = kill(all.get(i).pid());
            latencies.add(millis(births.await(before, 1, 60).get(0).at() - at));
            TimeUnit.MILLISECONDS.sleep(LIVED_LONG_ENOUGH / 4);
        }
        put("killed one: back, ms (median)", median(latencies));
        TimeUnit.MILLISECONDS.sleep(LIVED_LONG_ENOUGH);
    }

    private static long kill(long pid) {
        long at = System.nanoTime();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        return at;
    }

    private void massKill(Births births, int size) throws Exception {
        List<Long> living = living(births);
        int before = births.count();
        long at = System.nanoTime();
        living.forEach(Round::kill);
        put(size + " killed: all back, ms", millis(lastOf(births.await(before, size, 300)) - at));
        TimeUnit.MILLISECONDS.sleep(2 * LIVED_LONG_ENOUGH);
    }

    private void stop(Births births, int size) throws Exception {
        try {
            put(size + " stopped, ms", stopAll(births));
        } catch (IllegalStateException late) {
            System.err.println("  " + late.getMessage());
            put(size + " stopped, ms", Double.POSITIVE_INFINITY);
        }
    }

    private double stopAll(Births births) throws Exception {
        List<Long> living = living(births);
        long at = System.nanoTime();
        contestant.stopAll();
        Wait.until(() -> Proc.living(living) == 0, LIMIT_SECONDS, "end of all children");
        return millis(System.nanoTime() - at);
    }

    /** What is measured first is also the first work of whoever compiles while it runs. */
    private void startAgain(Births births, int size) throws Exception {
        if (figures.get(size + " stopped, ms") > PATIENCE) {
            System.err.println("  is not started again: stopping takes too long");
            return;
        }
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < STARTS_AGAIN; i++) {
            TimeUnit.MILLISECONDS.sleep(LIVED_LONG_ENOUGH);
            int before = births.count();
            long began = System.nanoTime();
            contestant.startAll();
            times.add(millis(lastOf(births.await(before, size, 300)) - began));
            TimeUnit.MILLISECONDS.sleep(2 * LIVED_LONG_ENOUGH);
            stopAll(births);
        }
        put(size + " started again, ms (median)", median(times));
    }

    private static double median(List<Double> values) {
        values.sort(Comparator.naturalOrder());
        return values.get(values.size() / 2);
    }

    private static List<Long> living(Births births) throws InterruptedException {
        return births.await(0, births.count(), 1).stream()
                .map(Births.Birth::pid)
                .filter(Proc::lives)
                .collect(Collectors.toList());
    }

    /** Children that leave a grandchild in a session of its own: who is left after a stop, and after a kill -9 of the supervisor? */
    private void leakers(boolean killed) throws Exception {
        List<Long> watched = new ArrayList<>();
        try {
            open(LEAKERS, true, births -> {
                contestant.startAll();
                List<Births.Birth> all = births.await(0, LEAKERS, 60);
                Wait.until(() -> births.kids().size() == LEAKERS, 30, "grandchildren");
                all.forEach(birth -> watched.add(birth.pid()));
                watched.addAll(births.kids());
                List<Long> children = List.copyOf(watched);
                if (killed) {
                    watched.addAll(contestant.own());
                    kill(contestant.own().get(0));
                } else {
                    contestant.stopAll();
                }
                waitForQuiet(children);
                put(
                        killed ? "of 40 left alive 5 s after kill -9 of it" : "of 40 left alive 5 s after stop",
                        Proc.living(children));
            });
        } finally {
            watched.forEach(Round::kill); // also the supervisor and its helpers, when it was killed
        }
    }

    private static void waitForQuiet(List<Long> watched) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (Proc.living(watched) > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void put(String what, double value) {
        figures.put(what, value);
        System.err.printf("  %s: %.2f%n", what, value);
    }

    private static long lastOf(List<Births.Birth> births) {
        return births.stream().mapToLong(Births.Birth::at).max().orElseThrow();
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
