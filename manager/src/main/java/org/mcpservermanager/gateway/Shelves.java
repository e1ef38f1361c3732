package org.mcpservermanager.gateway;

import java.util.Collection;
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
import java.util.function.BiConsumer;
import java.util.logging.Logger;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;

/**
 * What all servers offer to clients of one profile. Lists are read when a server runs and when it says that they changed; a
 * server that is restarting keeps its place, so that clients do not see its tools come and go.
 */
final class Shelves implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Shelves.class.getName());

    private final ServerLists.World world;
    private final Optional<Shelves> base;
    private final BiConsumer<String, String> onChanged;
    private final List<Shelves> variants = new CopyOnWriteArrayList<>();
    private final NavigableMap<ServerId, ServerLists> servers = new TreeMap<>(); // guarded by this
    private final Map<String, Catalogue> catalogues = new ConcurrentHashMap<>(); // by the name of their group
    private final Set<String> announcing = ConcurrentHashMap.newKeySet();
    private volatile boolean closed; // written by close alone

    /** @param onChanged is told groups and list_changed methods, each at most once per interval */
    Shelves(
            Router router,
            ScheduledExecutorService timer,
            GatewaySettings.Catalogue limits,
            BiConsumer<String, String> onChanged) {
        this(
                new ServerLists.World(router, Watcher.PLAIN, timer, limits, new Loans(), kind -> {}),
                Optional.empty(),
                onChanged);
    }

    private Shelves(ServerLists.World world, Optional<Shelves> base, BiConsumer<String, String> onChanged) {
        this.world = world.onChanged(this::merge);
        this.base = base;
        this.onChanged = onChanged;
    }

    /** The shelves as clients of this profile see them, to be begun: the same, until what their own copies offer was read. */
    Shelves variant(Profile profile) {
        return new Shelves(world.of(profile), Optional.of(this), onChanged);
    }

    /** Reads what there is; only for variants. */
    void begin() {
        base.orElseThrow().variants.add(this);
        shown().forEach(this::onRunning);
    }

    void end(Shelves variant) {
        variants.remove(variant);
        variant.close();
    }

    /** The catalogue of a group, made when first asked for. */
    Catalogue catalogue(Group group) {
        Catalogue known = catalogues.get(group.name());
        if (known != null) {
            return known;
        }
        Catalogue made = new Catalogue(this, world.router(), world.limits().pageSize(), group);
        for (ListKind kind : ListKind.values()) {
            made.merge(kind);
        }
        Catalogue before = catalogues.putIfAbsent(group.name(), made);
        if (before == null) {
            for (ListKind kind : ListKind.values()) {
                made.merge(kind); // what changed before it was known to be here
            }
        }
        return before == null ? made : before;
    }

    /** Other groups from now on; the catalogues of those that are left out end. */
    void regroup(Collection<Group> groups) {
        variants.forEach(variant -> variant.regroup(groups));
        catalogues.keySet().removeIf(name -> groups.stream()
                .noneMatch(group -> group.name().equals(name)));
        groups.forEach(group -> {
            Catalogue known = catalogues.get(group.name());
            if (known != null) {
                known.redefine(group);
            }
        });
        mergeAll();
    }

    /** Servers whose lists are shown. */
    List<ServerId> shown() {
        return base.map(Shelves::shown).orElseGet(this::ownShown);
    }

    private synchronized List<ServerId> ownShown() {
        return servers.values().stream()
                .filter(ServerLists::isShown)
                .map(ServerLists::server)
                .toList();
    }

    /** Whether a tool, by its server's name for it, says of itself that running twice does no harm. */
    boolean isHarmless(ServerId server, String tool) {
        return known(server).filter(lists -> lists.isHarmless(tool)).isPresent();
    }

    /** A tool by its server's name for it, as listed; empty while no list with it was read. */
    Optional<String> tool(ServerId server, String own) {
        return known(server).flatMap(lists -> lists.offers(ListKind.TOOLS).stream()
                .filter(offer -> offer.own().equals(own))
                .map(Offer::raw)
                .findFirst());
    }

    boolean hasTasks(ServerId server) {
        return base.map(plain -> plain.hasTasks(server))
                .orElseGet(() -> known(server).filter(ServerLists::hasTasks).isPresent());
    }

    /** In the order of the servers' ids. */
    List<Shelf> of(ListKind kind) {
        return base.map(plain -> plain.of(kind, ownLists())).orElseGet(() -> of(kind, Map.of()));
    }

    private synchronized Map<ServerId, ServerLists> ownLists() {
        return Map.copyOf(servers);
    }

    /** @param better lists to take instead of ours, once they were read */
    private synchronized List<Shelf> of(ListKind kind, Map<ServerId, ServerLists> better) {
        return servers.values().stream()
                .map(lists -> new Shelf(
                        lists.server(),
                        lists.isShown(),
                        Optional.ofNullable(better.get(lists.server()))
                                .filter(own -> own.hasRead(kind))
                                .orElse(lists)
                                .offers(kind)))
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

    /** What clients see of a server may be another than before, and it need not even run for that. */
    void onRedefined() {
        mergeAll();
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
        variants.forEach(Shelves::close);
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
        for (Catalogue catalogue : catalogues.values()) {
            if (catalogue.merge(kind) && !closed) {
                base.orElse(this).announce(catalogue.group().name(), kind.changedMethod());
            }
        }
        variants.forEach(variant -> variant.merge(kind));
    }

    /** Changes within one interval are one announcement, at its end. */
    private void announce(String group, String method) {
        if (!announcing.add(group + " " + method)) {
            return;
        }
        try {
            world.timer()
                    .schedule(
                            () -> {
                                announcing.remove(group + " " + method);
                                onChanged.accept(group, method);
                            },
                            world.limits().interval().toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shutDown) {
            LOG.fine(() -> "not announced, the timer has ended: " + method);
        }
    }
}
