package org.mcpservermanager.gateway;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Logger;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;

/**
 * What all servers offer, answered from memory. Lists are read when a server runs and when it says that they changed; a server
 * that is restarting keeps its place, so that clients do not see its tools come and go.
 */
final class Catalogue implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Catalogue.class.getName());

    private final ServerLists.World world;
    private final Optional<Catalogue> base;
    private final Consumer<String> onChanged;
    private final List<Catalogue> variants = new CopyOnWriteArrayList<>();
    private final NavigableMap<ServerId, ServerLists> servers = new TreeMap<>(); // guarded by this
    private final Map<ListKind, MergedList> merged = new ConcurrentHashMap<>(); // written while holding this
    private final Set<String> announcing = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by close alone

    /** @param onChanged is told list_changed methods, at most once per interval each */
    Catalogue(
            Router router,
            ScheduledExecutorService timer,
            GatewaySettings.Catalogue limits,
            Consumer<String> onChanged) {
        this(new ServerLists.World(router, Watcher.PLAIN, timer, limits, kind -> {}), Optional.empty(), onChanged);
    }

    private Catalogue(ServerLists.World world, Optional<Catalogue> base, Consumer<String> onChanged) {
        this.world = world.onChanged(this::merge);
        this.base = base;
        this.onChanged = onChanged;
        for (ListKind kind : ListKind.values()) {
            merged.put(kind, new MergedList(kind, world.limits().pageSize(), List.of(), List.of()));
        }
    }

    /** The catalogue as clients of this profile see it: the same, until what their own copies offer was read. */
    Catalogue variant(Profile profile) {
        Catalogue variant = new Catalogue(world.of(profile), Optional.of(this), onChanged);
        variants.add(variant);
        variant.mergeAll();
        servers().forEach(variant::onRunning);
        return variant;
    }

    MergedList list(ListKind kind) {
        return merged.get(kind);
    }

    /** Servers whose lists are shown. */
    List<ServerId> servers() {
        return base.map(Catalogue::servers).orElseGet(this::ownServers);
    }

    private synchronized List<ServerId> ownServers() {
        return servers.values().stream()
                .filter(ServerLists::isShown)
                .map(ServerLists::server)
                .toList();
    }

    void onPhase(ServerId server, Phase phase) {
        variants.forEach(variant -> variant.onPhase(server, phase));
        switch (phase) {
            case RUNNING -> onRunning(server);
            case STOPPED, DISABLED, PARKED, FATAL, EXITED -> hide(server);
            case STARTING, STOPPING, BACKOFF, RECOVERING -> {
                // on its way: what was listed stays
            }
        }
    }

    void onRunning(ServerId server) {
        lists(server).onRunning();
    }

    void onListChanged(ServerId server, String method) {
        variants.forEach(variant -> variant.onListChanged(server, method));
        known(server).ifPresent(lists -> ListKind.changedBy(method).forEach(lists::refresh));
    }

    void onRemoved(ServerId server) {
        variants.forEach(variant -> variant.onRemoved(server));
        ServerLists gone;
        synchronized (this) {
            gone = servers.remove(server);
        }
        if (gone != null) {
            gone.close();
            mergeAll();
        }
    }

    @Override
    public void close() {
        closed = true;
        List<ServerLists> all;
        synchronized (this) {
            all = List.copyOf(servers.values());
            servers.clear();
        }
        all.forEach(ServerLists::close);
        variants.forEach(Catalogue::close);
    }

    private void hide(ServerId server) {
        if (known(server).filter(ServerLists::hide).isPresent()) {
            mergeAll();
        }
    }

    private synchronized Optional<ServerLists> known(ServerId server) {
        return Optional.ofNullable(servers.get(server));
    }

    private synchronized ServerLists lists(ServerId server) {
        return servers.computeIfAbsent(server, id -> new ServerLists(id, world));
    }

    private void mergeAll() {
        for (ListKind kind : ListKind.values()) {
            merge(kind);
        }
    }

    private void merge(ListKind kind) {
        boolean changed;
        synchronized (this) {
            MergedList next = new MergedList(kind, world.limits().pageSize(), items(kind, true), items(kind, false));
            changed = !next.shown().equals(merged.put(kind, next).shown());
        }
        if (changed && !closed) {
            base.orElse(this).announce(kind.changedMethod());
        }
        variants.forEach(variant -> variant.merge(kind));
    }

    /** Guarded by this. Servers in the order of their ids, items in their server's order. */
    private List<ListItem> items(ListKind kind, boolean shown) {
        return base.map(plain -> plain.itemsFor(kind, shown, servers)).orElseGet(() -> itemsFor(kind, shown, Map.of()));
    }

    /** @param better lists to take instead of ours, once they were read */
    private synchronized List<ListItem> itemsFor(ListKind kind, boolean shown, Map<ServerId, ServerLists> better) {
        return servers.values().stream()
                .filter(lists -> lists.isShown() == shown)
                .map(lists -> Optional.ofNullable(better.get(lists.server()))
                        .filter(own -> own.hasRead(kind))
                        .orElse(lists))
                .flatMap(lists -> lists.items(kind).stream())
                .toList();
    }

    /** Changes within one interval are one announcement, at its end. */
    private void announce(String method) {
        if (!announcing.add(method)) {
            return;
        }
        try {
            world.timer()
                    .schedule(
                            () -> {
                                announcing.remove(method);
                                onChanged.accept(method);
                            },
                            world.limits().interval().toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shutDown) {
            LOG.fine(() -> "not announced, the timer has ended: " + method);
        }
    }

    /** An empty list per kind. */
    static Map<ListKind, List<ListItem>> nothing() {
        Map<ListKind, List<ListItem>> none = new EnumMap<>(ListKind.class);
        for (ListKind kind : ListKind.values()) {
            none.put(kind, List.of());
        }
        return none;
    }
}
