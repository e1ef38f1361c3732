package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wish;

/**
 * Orders and deaths from several threads at once. An order takes effect at one moment and is answered with what the server had
 * come to at a later one, both between its call and its answer: orders that cross each other are answered alike. There must be
 * one sequence of these moments that explains every answer. Processes are scripted (ready at once, gone when told); mailbox,
 * supervisor and lifecycle are the real ones. The same again with -Dorders.seed, more with -Dorders.rounds.
 */
@Timeout(60)
class LinearizableOrdersTest {
    private static final int THREADS = 3;
    private static final int ORDERS_OF_EACH = 4;

    private enum Order {
        START,
        STOP,
        RESTART,
        KILL
    }

    /** One order as its caller saw it. */
    private record Seen(Order order, long asked, long answered, String answer) {
        /** The news of a death takes its time, longest when the launch was still under way. */
        private boolean isBefore(Seen other) {
            return answered < other.asked && !isDeath();
        }

        private boolean isDeath() {
            return order == Order.KILL && Boolean.parseBoolean(answer);
        }
    }

    private enum State {
        STOPPED,
        RUNNING,
        DIED
    }

    /**
     * What an operator may rely on: the last intent wins, and one copy lives at most.
     *
     * @param fresh nobody was answered since the last launch: it may not have been made yet, so others may join it
     */
    private record Model(State state, int generation, boolean fresh) {
        private Model launched() {
            return new Model(State.RUNNING, generation + 1, true);
        }

        private Set<Model> after(Order order) {
            return switch (order) {
                case START -> state == State.RUNNING ? Set.of(this) : Set.of(launched());
                case RESTART -> state == State.RUNNING && fresh ? Set.of(this, launched()) : Set.of(launched());
                case STOP -> {
                    Model stopped = new Model(State.STOPPED, generation, false);
                    boolean early = state == State.RUNNING && fresh;
                    yield early ? Set.of(stopped, new Model(State.STOPPED, generation - 1, false)) : Set.of(stopped);
                }
                case KILL -> Set.of();
            };
        }

        /** Of a launch that is under way there may be nothing to kill yet. */
        private Set<Model> afterKill(boolean killed) {
            if (killed) {
                return state == State.RUNNING ? Set.of(new Model(State.DIED, generation, false)) : Set.of();
            }
            return state == State.RUNNING && !fresh ? Set.of() : Set.of(this);
        }

        private boolean isAnswer(String answer) {
            return switch (state) {
                case STOPPED -> answer.equals(Phase.STOPPED.toString());
                case RUNNING -> answer.equals(Phase.RUNNING + " #" + generation);
                case DIED -> answer.equals(Phase.BACKOFF.toString()) || answer.equals(Phase.PARKED.toString());
            };
        }

        private Model seen() {
            return new Model(state, generation, false);
        }
    }

    /** @param open not answered; those among {@code done} have taken effect */
    private record Place(Set<Seen> open, Set<Seen> done, Model model) {
        private Stream<Place> next(Seen order) {
            if (order.order() == Order.KILL) {
                boolean killed = Boolean.parseBoolean(order.answer());
                Set<Model> models = !killed && isBeingKilled(order) ? Set.of(model) : model.afterKill(killed);
                return models.stream().map(after -> new Place(without(open, order), done, after));
            }
            if (done.contains(order)) {
                return model.isAnswer(order.answer())
                        ? Stream.of(new Place(without(open, order), without(done, order), model.seen()))
                        : Stream.empty();
            }
            Set<Seen> more = new HashSet<>(done);
            more.add(order);
            return model.after(order.order()).stream().map(after -> new Place(open, Set.copyOf(more), after));
        }

        /** Between a death and the news of it there is nothing to kill, and the supervisor may still answer as before. */
        private boolean isBeingKilled(Seen order) {
            return open.stream().anyMatch(other -> other.isDeath() && other.asked() < order.answered());
        }

        private static Set<Seen> without(Set<Seen> all, Seen one) {
            Set<Seen> rest = new HashSet<>(all);
            rest.remove(one);
            return Set.copyOf(rest);
        }
    }

    /** Searches the sequence: whoever was not answered before another open one was called may be the next. */
    private static boolean isExplained(Place place, Set<Place> dead) {
        if (place.open().isEmpty()) {
            return true;
        }
        return dead.add(place)
                && place.open().stream()
                        .filter(next -> place.open().stream().noneMatch(other -> other.isBefore(next)))
                        .flatMap(place::next)
                        .anyMatch(next -> isExplained(next, dead));
    }

    private static boolean isExplained(List<Seen> history) {
        return isExplained(
                new Place(Set.copyOf(history), Set.of(), new Model(State.STOPPED, 0, false)), new HashSet<>());
    }

    @Test
    @Fault(43)
    void oneSequenceExplainsEveryAnswer() throws Exception {
        long seed = Long.getLong("orders.seed", System.nanoTime());
        Random random = new Random(seed);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int round = 0; round < Integer.getInteger("orders.rounds", 500); round++) {
                List<Seen> history = round(threads, random);
                assertTrue(
                        isExplained(history), () -> "nothing explains, -Dorders.seed=" + seed + ": " + told(history));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Seen> round(ExecutorService threads, Random random) throws Exception {
        ScriptedWorld world = new ScriptedWorld();
        world.readyAtOnce = true;
        Supervisor supervisor = new Supervisor(ScriptedWorld.spec("one"), Wish.DOWN, world.surroundings);
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<CompletableFuture<List<Seen>>> callers = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            List<Order> orders = random.ints(ORDERS_OF_EACH, 0, Order.values().length)
                    .mapToObj(number -> Order.values()[number])
                    .toList();
            callers.add(CompletableFuture.supplyAsync(() -> give(orders, world, supervisor, together), threads));
        }
        List<Seen> history = new ArrayList<>();
        for (CompletableFuture<List<Seen>> caller : callers) {
            history.addAll(caller.get(30, TimeUnit.SECONDS));
        }
        long alive =
                world.children.stream().filter(child -> !child.empty.isDone()).count();
        assertEquals(supervisor.snapshot().phase() == Phase.RUNNING ? 1 : 0, alive, "copies that live");
        return history;
    }

    private static List<Seen> give(
            List<Order> orders, ScriptedWorld world, Supervisor supervisor, CyclicBarrier together) {
        List<Seen> seen = new ArrayList<>();
        try {
            together.await(30, TimeUnit.SECONDS);
        } catch (Exception late) {
            throw new IllegalStateException(late);
        }
        for (Order order : orders) {
            long asked = System.nanoTime();
            String answer =
                    switch (order) {
                        case START -> said(supervisor.start());
                        case STOP -> said(supervisor.stop(false));
                        case RESTART -> said(supervisor.restart());
                        case KILL -> Boolean.toString(isKilled(world));
                    };
            seen.add(new Seen(order, asked, System.nanoTime(), answer));
        }
        return seen;
    }

    private static String said(CompletableFuture<Snapshot> settled) {
        Snapshot snapshot = settled.orTimeout(30, TimeUnit.SECONDS).join();
        return snapshot.phase() + (snapshot.phase() == Phase.RUNNING ? " #" + snapshot.generation() : "");
    }

    /** Somebody kills the process that lives now; a newer one that came meanwhile counts, too. */
    private static boolean isKilled(ScriptedWorld world) {
        for (int count = world.children.size(); count > 0; ) {
            ScriptedWorld.FakeChild newest = world.children.get(count - 1);
            if (newest.dies(9)) {
                newest.becomesEmpty();
                return true;
            }
            int now = world.children.size();
            if (now == count) {
                return false;
            }
            count = now;
        }
        return false;
    }

    private static String told(List<Seen> history) {
        long first = history.stream().mapToLong(Seen::asked).min().orElse(0);
        return history.stream()
                .sorted(Comparator.comparingLong(Seen::asked))
                .map(seen -> "\n" + (seen.asked() - first) + "-" + (seen.answered() - first) + " " + seen.order() + ": "
                        + seen.answer())
                .toList()
                .toString();
    }

    @Test
    void anAnswerThatNothingExplainsIsFound() {
        Seen start = new Seen(Order.START, 0, 10, "RUNNING #1");
        Seen stop = new Seen(Order.STOP, 20, 30, "STOPPED");
        Seen late = new Seen(Order.KILL, 40, 50, "true");
        Seen overlapping = new Seen(Order.KILL, 15, 50, "true");

        assertFalse(isExplained(List.of(start, stop, late)), "nothing lived any more");
        assertTrue(isExplained(List.of(start, stop, overlapping)), "it may have been killed before the stop");
        assertFalse(isExplained(List.of(start, new Seen(Order.START, 20, 30, "RUNNING #2"))), "two copies");
    }
}
