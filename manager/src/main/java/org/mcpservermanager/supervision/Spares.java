package org.mcpservermanager.supervision;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;

/** The spare copies of one server. Guarded by this; copies are started and ended without it. */
final class Spares {
    /** One that nobody needed for so long goes; the next client that needs a copy brings it back. */
    static final long IDLE_MINUTES = 10;

    private final Supplier<ServerSpec> specs;
    private final Surroundings surroundings;
    private final LongSupplier numbers;
    private final Set<Copy> leaving;
    private final Consumer<Spare> end;
    private final Deque<Spare> ready = new ArrayDeque<>();

    /**
     * @param leaving has a copy before it is none of the ready ones
     * @param end is given those that are not wanted any more
     */
    Spares(
            Supplier<ServerSpec> specs,
            Surroundings surroundings,
            LongSupplier numbers,
            Set<Copy> leaving,
            Consumer<Spare> end) {
        this.specs = specs;
        this.surroundings = surroundings;
        this.numbers = numbers;
        this.leaving = leaving;
        this.end = end;
    }

    synchronized int count() {
        return ready.size();
    }

    synchronized List<Copy> copies() {
        return ready.stream().map(Spare::copy).toList();
    }

    /**
     * One that the client has claimed; to be begun.
     *
     * @param observers makes one for the copy with this number
     */
    synchronized Optional<Spare> claimed(Client client, LongFunction<Copy.Observer> observers) {
        ServerSpec spec = specs.get();
        Optional<Spare> found = ready.stream()
                .filter(spare -> spare.spec().equals(spec))
                .filter(spare -> spare.claim(client, observers.apply(spare.number())))
                .findFirst();
        found.ifPresent(ready::remove);
        return found;
    }

    /** One more, to be started; empty when there are enough, when starting ahead is of no use, or when the machine cannot now. */
    synchronized Optional<Spare> prepared() {
        ServerSpec spec = specs.get();
        // before anybody knows what it speaks, its first process is spent on asking
        boolean isKnown =
                spec.wire() instanceof Wire.Stdio && !surroundings.dialer().mayAsk(spec);
        if (!isKnown || ready.size() >= spec.start().spares()) {
            return Optional.empty();
        }
        Spare spare = new Spare(spec, numbers.getAsLong(), surroundings, this::ended);
        // asked before anybody can take or end it: who ends it gives back what it was granted
        if (surroundings.slots().refusal(spare).isPresent()) {
            return Optional.empty();
        }
        ready.add(spare);
        return Optional.of(spare);
    }

    void start(Spare spare) {
        spare.start();
        try {
            spare.expiresBy(surroundings.timer().schedule(() -> ended(spare), IDLE_MINUTES, TimeUnit.MINUTES));
        } catch (RejectedExecutionException shutDown) {
            ended(spare);
        }
    }

    private void ended(Spare spare) {
        endAll(each -> each == spare);
    }

    /** What the operator wants may have changed. */
    void adapt() {
        ServerSpec spec = specs.get();
        endAll(spare -> !spare.spec().equals(spec));
    }

    private void endAll(Predicate<Spare> which) {
        List<Spare> ended;
        synchronized (this) {
            ended = ready.stream().filter(which).toList();
            ended.forEach(spare -> leaving.add(spare.copy()));
            ready.removeAll(ended);
        }
        ended.forEach(end);
    }

    /** None is ready from now on. @return those that were, which are leaving */
    synchronized List<Spare> takeAll() {
        List<Spare> all = List.copyOf(ready);
        leaving.addAll(copies());
        ready.clear();
        return all;
    }
}
