package org.mcpservermanager.gateway;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.mcpservermanager.server.Naming;
import org.mcpservermanager.server.ServerId;

/** One kind of list over several servers, immutable; its pages are written once, when first asked for. */
final class MergedList {
    private static final int COLLISIONS_MAX = 100;

    private final ListKind kind;
    private final int pageSize;
    private final List<ListItem> shown;
    private final Map<String, ListItem> byExposed;
    private final List<Collision> collisions;
    private final Map<Integer, String> pages = new ConcurrentHashMap<>();

    private MergedList(
            ListKind kind,
            int pageSize,
            List<ListItem> shown,
            Map<String, ListItem> byExposed,
            List<Collision> collisions) {
        this.kind = kind;
        this.pageSize = pageSize;
        this.shown = shown;
        this.byExposed = byExposed;
        this.collisions = collisions;
    }

    static MergedList empty(ListKind kind) {
        return new MergedList(kind, 1, List.of(), Map.of(), List.of());
    }

    /**
     * @param shown in the order of the list; of items with equal names the first counts, or none, as {@code naming} says
     * @param hidden items of servers that are down: not listed, but calls to them find their server, which says why
     */
    static MergedList of(
            ListKind kind, Naming naming, int pageSize, Collection<ListItem> shown, Collection<ListItem> hidden) {
        Map<String, List<ListItem>> byName = new LinkedHashMap<>();
        shown.forEach(item -> byName.computeIfAbsent(item.exposed(), name -> new ArrayList<>(1))
                .add(item));
        Map<String, ListItem> known = new HashMap<>();
        List<ListItem> listed = new ArrayList<>(byName.size());
        List<Collision> collisions = new ArrayList<>();
        byName.forEach((name, items) -> {
            List<ServerId> servers =
                    items.stream().map(ListItem::server).distinct().toList();
            boolean refused = naming == Naming.NONE && kind.isRenamed() && servers.size() > 1;
            if (!refused) {
                known.put(name, items.get(0));
                listed.add(items.get(0));
            }
            if (items.size() > 1 && collisions.size() < COLLISIONS_MAX) {
                collisions.add(new Collision(kind, name, servers, refused));
            }
        });
        hidden.stream()
                .filter(item -> !byName.containsKey(item.exposed()))
                .forEach(item -> known.putIfAbsent(item.exposed(), item));
        return new MergedList(kind, pageSize, listed, known, List.copyOf(collisions));
    }

    List<ListItem> shown() {
        return shown;
    }

    /** The first of them. */
    List<Collision> collisions() {
        return collisions;
    }

    /** Why nothing has this name, when several servers want it. */
    Optional<Collision> refusal(String exposed) {
        return collisions.stream()
                .filter(collision -> collision.refused() && collision.exposed().equals(exposed))
                .findFirst();
    }

    Optional<ListItem> find(String exposed) {
        return Optional.ofNullable(byExposed.get(exposed));
    }

    Collection<ListItem> all() {
        return byExposed.values();
    }

    /** The result of a list request, raw JSON; empty when the cursor is none of ours. */
    Optional<String> page(String cursor) {
        int from = cursor.isEmpty() ? 0 : offset(cursor);
        return from < 0 || from > shown.size() || from % pageSize != 0
                ? Optional.empty()
                : Optional.of(pages.computeIfAbsent(from, this::write));
    }

    private String write(int from) {
        int to = Math.min(shown.size(), from + pageSize);
        StringBuilder out = new StringBuilder("{\"").append(kind.member()).append("\":[");
        for (int i = from; i < to; i++) {
            out.append(i > from ? "," : "").append(shown.get(i).text());
        }
        out.append(']');
        if (to < shown.size()) {
            out.append(",\"nextCursor\":\"").append(cursor(to)).append('"');
        }
        return out.append('}').toString();
    }

    private String cursor(int offset) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((kind.member() + "@" + offset).getBytes(StandardCharsets.US_ASCII));
    }

    private int offset(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII);
            String head = kind.member() + "@";
            return text.startsWith(head) ? Integer.parseInt(text.substring(head.length())) : -1;
        } catch (IllegalArgumentException notOurs) { // NumberFormatException is one too
            return -1;
        }
    }
}
