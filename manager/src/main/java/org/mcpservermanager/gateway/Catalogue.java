package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.mcpservermanager.routing.Groups;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;

/** What clients of one endpoint over several servers see, answered from memory. */
final class Catalogue {
    private static final Logger LOG = Logger.getLogger(Catalogue.class.getName());
    private static final int PRIORITY_DEFAULT = 100;

    private final Shelves shelves;
    private final Router router;
    private final int pageSize;
    private volatile Group group; // written while holding this
    private final Map<ListKind, MergedList> merged = new ConcurrentHashMap<>(); // written while holding this
    private final Map<ListKind, Map<ServerId, Presented>> presented = new EnumMap<>(ListKind.class); // guarded by this

    /** What was made of the same offers before. */
    private record Presented(List<Offer> offers, Presentation by, List<ListItem> items) {}

    private record Member(Shelf shelf, int priority, Presentation presentation) {}

    Catalogue(Shelves shelves, Router router, int pageSize, Group group) {
        this.shelves = shelves;
        this.router = router;
        this.pageSize = pageSize;
        this.group = group;
        for (ListKind kind : ListKind.values()) {
            merged.put(kind, MergedList.empty(kind));
        }
    }

    Group group() {
        return group;
    }

    MergedList list(ListKind kind) {
        return merged.get(kind);
    }

    /** Members whose lists are shown. */
    List<ServerId> servers() {
        return shelves.shown().stream().filter(this::isMember).toList();
    }

    /** Whether tools of a member may be called as tasks. */
    boolean hasTasks() {
        return servers().stream().anyMatch(shelves::hasTasks);
    }

    boolean isMember(ServerId server) {
        return group.isOfAll() || router.spec(server).filter(group::has).isPresent();
    }

    Presentation presentation(ServerId server) {
        Exposure exposure = router.spec(server).map(ServerSpec::exposure).orElse(Exposure.ALL);
        return new Presentation(server, exposure, Presentation.Style.of(group.naming()));
    }

    /** Whether the endpoint itself shows what clients see under this name. */
    boolean admits(ListKind kind, String exposed) {
        return filter(kind).admits(exposed);
    }

    private NameFilter filter(ListKind kind) {
        return switch (kind) {
            case TOOLS -> group.filters().tools();
            case PROMPTS -> group.filters().prompts();
            case RESOURCES, TEMPLATES -> group.filters().resources();
        };
    }

    synchronized void redefine(Group other) {
        group = other;
    }

    /** @return whether clients see another list than before */
    boolean merge(ListKind kind) {
        MergedList before;
        MergedList next;
        synchronized (this) {
            next = build(kind);
            before = merged.put(kind, next);
        }
        if (!next.collisions().isEmpty() && !next.collisions().equals(before.collisions())) {
            LOG.warning(() ->
                    "endpoint " + address(group) + ": " + next.collisions().size() + " collisions of " + kind.member()
                            + ", such as: " + next.collisions().get(0));
        }
        return !next.shown().equals(before.shown());
    }

    Groups.Shown overview() {
        Group shownBy = group;
        List<String> collisions = Arrays.stream(ListKind.values())
                .flatMap(kind -> list(kind).collisions().stream())
                .map(Collision::toString)
                .toList();
        return new Groups.Shown(
                shownBy,
                address(shownBy),
                servers(),
                new Groups.Counts(
                        list(ListKind.TOOLS).shown().size(),
                        list(ListKind.PROMPTS).shown().size(),
                        list(ListKind.RESOURCES).shown().size(),
                        list(ListKind.TEMPLATES).shown().size()),
                collisions);
    }

    static String address(Group group) {
        return group.isOfAll() ? "/mcp" : "/groups/" + group.name() + "/mcp";
    }

    /** Servers by priority, then by id; items in their server's order. */
    private MergedList build(ListKind kind) {
        List<Member> members = new ArrayList<>();
        for (Shelf shelf : shelves.of(kind)) {
            if (isMember(shelf.server())) {
                int priority =
                        router.spec(shelf.server()).map(ServerSpec::priority).orElse(PRIORITY_DEFAULT);
                members.add(new Member(shelf, priority, presentation(shelf.server())));
            }
        }
        members.sort(Comparator.comparing(Member::priority)
                .thenComparing(member -> member.shelf().server()));
        Map<ServerId, Presented> before = presented.getOrDefault(kind, Map.of());
        Map<ServerId, Presented> now = new HashMap<>();
        List<ListItem> shown = new ArrayList<>();
        List<ListItem> hidden = new ArrayList<>();
        for (Member member : members) {
            Presented items = present(
                    kind, member, Optional.ofNullable(before.get(member.shelf().server())));
            now.put(member.shelf().server(), items);
            for (ListItem item : items.items()) {
                if (admits(kind, item.exposed())) {
                    (member.shelf().shown() ? shown : hidden).add(item);
                }
            }
        }
        presented.put(kind, now);
        return MergedList.of(kind, group.naming(), pageSize, shown, hidden);
    }

    private static Presented present(ListKind kind, Member member, Optional<Presented> before) {
        List<Offer> offers = member.shelf().offers();
        return before.filter(known -> known.offers() == offers && known.by().equals(member.presentation()))
                .orElseGet(() -> new Presented(
                        offers, member.presentation(), member.presentation().items(kind, offers)));
    }
}
