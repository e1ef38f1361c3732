package org.mcpservermanager.gateway.modern;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.ServerId;

/**
 * The stand-ins of all stateless clients, used again and again: one that can be asked has a copy of its server for itself, and
 * starting that takes long. Guarded by this; the router is called without it.
 */
final class Standins implements AutoCloseable {
    private static final int UNASKED_MAX = 4096;

    private final Router router;
    private final BridgeSettings limits;
    private final BiConsumer<Standin.Place, Message> news;
    private final Map<Standin.Place, List<Standin>> places = new HashMap<>();
    private final Future<?> sweep;

    Standins(
            Router router,
            ScheduledExecutorService timer,
            BridgeSettings limits,
            BiConsumer<Standin.Place, Message> news) {
        this.router = router;
        this.limits = limits;
        this.news = news;
        long period = Math.max(1, limits.idle().toMillis() / 4);
        this.sweep = timer.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS);
    }

    /** For calls within which nothing is asked: they may share it with each other and with one that is asked. */
    Standin shared(Standin.Place place) {
        Optional<Standin> taken = take(place, standin -> true);
        return taken.orElseGet(
                () -> take(new Standin.Place(place.server(), place.caller(), Standin.Place.UNASKED), standin -> true)
                        .orElseThrow());
    }

    /** For a call within which questions may come; empty when the server has as many copies for such calls as it may. */
    Optional<Standin> exclusive(Standin.Place place) {
        return take(place, standin -> !place.isAsked() || standin.users == 0);
    }

    private Optional<Standin> take(Standin.Place place, Predicate<Standin> usable) {
        List<Standin> evicted;
        Optional<Standin> taken;
        synchronized (this) {
            Optional<Standin> found = at(place).stream().filter(usable).reduce((first, last) -> last);
            evicted = found.isPresent() ? List.of() : makeRoom(place);
            taken = found.or(() -> hasRoom(place) ? Optional.of(added(place)) : Optional.empty());
            taken.ifPresent(standin -> standin.users++);
        }
        evicted.forEach(router::detach);
        return taken;
    }

    /** Guarded by this. */
    private List<Standin> at(Standin.Place place) {
        return places.getOrDefault(place, List.of());
    }

    private Standin added(Standin.Place place) {
        Standin standin = new Standin(place, news);
        places.computeIfAbsent(place, key -> new ArrayList<>()).add(standin);
        return standin;
    }

    private boolean hasRoom(Standin.Place place) {
        return rivals(place).size() < max(place);
    }

    private int max(Standin.Place place) {
        return place.isAsked() ? limits.copiesMax() : UNASKED_MAX;
    }

    private List<Standin> rivals(Standin.Place place) {
        return places.entrySet().stream()
                .filter(each -> each.getKey().isAsked() == place.isAsked())
                .filter(each -> !place.isAsked() || each.getKey().server().equals(place.server()))
                .flatMap(each -> each.getValue().stream())
                .toList();
    }

    /** Guarded by this. The one that was idle for longest goes where there is no room. */
    private List<Standin> makeRoom(Standin.Place place) {
        if (hasRoom(place)) {
            return List.of();
        }
        return rivals(place).stream()
                .filter(standin -> standin.users == 0)
                .min(Comparator.comparingLong(standin -> standin.idleSince))
                .filter(this::removed)
                .map(List::of)
                .orElse(List.of());
    }

    private boolean removed(Standin standin) {
        List<Standin> all = places.get(standin.place());
        if (all == null || !all.remove(standin)) {
            return false;
        }
        if (all.isEmpty()) {
            places.remove(standin.place());
        }
        standin.leave();
        return true;
    }

    void release(Standin standin) {
        synchronized (this) {
            standin.users--;
            standin.idleSince = System.nanoTime();
        }
    }

    /** After a call that its server may still be at: whatever it says or asks yet must reach nobody else. */
    void discard(Standin standin) {
        boolean isLast;
        synchronized (this) {
            standin.users--;
            standin.idleSince = System.nanoTime();
            isLast = standin.place().isAsked() && removed(standin);
        }
        if (isLast) {
            router.detach(standin);
        }
    }

    /** The server is gone for good. */
    void forget(ServerId server) {
        detachAll(standin -> standin.place().server().equals(server));
    }

    private void sweep() {
        long now = System.nanoTime();
        detachAll(standin ->
                standin.users == 0 && now - standin.idleSince > limits.idle().toNanos());
    }

    private void detachAll(Predicate<Standin> which) {
        List<Standin> gone;
        synchronized (this) {
            gone = places.values().stream().flatMap(List::stream).filter(which).toList();
            gone.forEach(this::removed);
        }
        gone.forEach(router::detach);
    }

    synchronized int count() {
        return places.values().stream().mapToInt(List::size).sum();
    }

    @Override
    public void close() {
        sweep.cancel(false);
        detachAll(standin -> true);
    }
}
