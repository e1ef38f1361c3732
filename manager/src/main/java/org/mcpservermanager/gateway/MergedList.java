package org.mcpservermanager.gateway;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One kind of list over all servers, immutable; its pages are written once, when first asked for. */
final class MergedList {
    private final ListKind kind;
    private final int pageSize;
    private final List<ListItem> shown;
    private final Map<String, ListItem> byExposed;
    private final Map<Integer, String> pages = new ConcurrentHashMap<>();

    /**
     * @param shown in the order of the list; of items with equal keys the first counts
     * @param hidden items of servers that are down: not listed, but calls to them find their server, which says why
     */
    MergedList(ListKind kind, int pageSize, Collection<ListItem> shown, Collection<ListItem> hidden) {
        this.kind = kind;
        this.pageSize = pageSize;
        Map<String, ListItem> known = new HashMap<>();
        List<ListItem> listed = new ArrayList<>();
        for (ListItem item : shown) {
            if (known.putIfAbsent(item.exposed(), item) == null) {
                listed.add(item);
            }
        }
        hidden.forEach(item -> known.putIfAbsent(item.exposed(), item));
        this.shown = listed;
        this.byExposed = known;
    }

    List<ListItem> shown() {
        return shown;
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
