package org.mcpservermanager.gateway;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mcpservermanager.gateway.modern.TaskSupport;
import org.mcpservermanager.gateway.modern.TasksExtension;

/** What is known of a server's lists, and of what it can do, until it is read again. Guarded by its owner. */
final class KnownLists {
    private final Map<ListKind, List<Offer>> offers = new EnumMap<>(ListKind.class);
    private final Set<ListKind> read = EnumSet.noneOf(ListKind.class);
    private Set<String> harmless = Set.of();
    private String capabilities = "";

    List<Offer> offers(ListKind kind) {
        return offers.getOrDefault(kind, List.of());
    }

    /** Whether the list is the server's, and not just empty because nobody asked yet. */
    boolean hasRead(ListKind kind) {
        return read.contains(kind);
    }

    boolean isHarmless(String tool) {
        return harmless.contains(tool);
    }

    boolean hasTasks() {
        return TaskSupport.isOffered(capabilities) || TasksExtension.isIn(capabilities);
    }

    boolean isOffered(ListKind kind) {
        return RawJson.declares(capabilities, kind.capability());
    }

    /** @param raw JSON */
    void capabilitiesAre(String raw) {
        capabilities = raw;
    }

    /** @return whether somebody is to be told */
    boolean take(ListKind kind, List<Offer> list) {
        boolean isFirst = read.add(kind);
        if (list.equals(offers(kind))) {
            return isFirst;
        }
        offers.put(kind, list);
        if (kind == ListKind.TOOLS) {
            harmless = list.stream().filter(Offer::isHarmless).map(Offer::own).collect(Collectors.toUnmodifiableSet());
        }
        return true;
    }
}
