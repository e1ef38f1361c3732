package org.mcpservermanager.gateway.modern;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.mcpservermanager.server.ServerId;

/** The calls that wait for their clients to come back, oldest first. Guarded by this; calls are called without it. */
final class ParkingLot implements AutoCloseable {
    private final BridgeSettings limits;
    private final ScheduledExecutorService timer;
    private final Map<String, Parked> calls = new LinkedHashMap<>();

    private record Parked(BridgedCall call, String caller, ServerId server, Future<?> expiry) {
        void leave(String why) {
            expiry.cancel(false);
            call.expire(why);
        }
    }

    ParkingLot(BridgeSettings limits, ScheduledExecutorService timer) {
        this.limits = limits;
        this.timer = timer;
    }

    void put(String place, BridgedCall call, Standin.Place of) {
        Future<?> expiry = timer.schedule(
                () -> evict(place, "the client did not come back"),
                limits.patience().toMillis(),
                TimeUnit.MILLISECONDS);
        List<Parked> evicted = new ArrayList<>();
        synchronized (this) {
            calls.put(place, new Parked(call, of.caller(), of.server(), expiry));
            while (calls.size() > limits.parkedMax()) {
                evicted.add(removeFirst(any -> true));
            }
            Predicate<Parked> same = each -> each.caller().equals(of.caller());
            while (calls.values().stream().filter(same).count() > limits.parkedOfCallerMax()) {
                evicted.add(removeFirst(same));
            }
        }
        evicted.forEach(each -> each.leave("too many calls wait for their clients"));
    }

    /** Guarded by this. */
    private Parked removeFirst(Predicate<Parked> which) {
        String place = calls.entrySet().stream()
                .filter(each -> which.test(each.getValue()))
                .findFirst()
                .orElseThrow()
                .getKey();
        return calls.remove(place);
    }

    /** Whoever takes a call has it alone. */
    Optional<BridgedCall> take(String place) {
        Parked parked;
        synchronized (this) {
            parked = calls.remove(place);
        }
        if (parked == null) {
            return Optional.empty();
        }
        parked.expiry().cancel(false);
        return Optional.of(parked.call());
    }

    private void evict(String place, String why) {
        take(place).ifPresent(call -> call.expire(why));
    }

    /** @return false when none of this server waits */
    boolean evictOldest(ServerId server) {
        Parked oldest;
        synchronized (this) {
            boolean none =
                    calls.values().stream().noneMatch(each -> each.server().equals(server));
            if (none) {
                return false;
            }
            oldest = removeFirst(each -> each.server().equals(server));
        }
        oldest.leave("another call needs the place");
        return true;
    }

    synchronized int count() {
        return calls.size();
    }

    @Override
    public void close() {
        List<Parked> all;
        synchronized (this) {
            all = List.copyOf(calls.values());
            calls.clear();
        }
        all.forEach(each -> each.leave("the manager stops"));
    }
}
