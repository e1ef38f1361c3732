package org.mcpservermanager.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The order that servers start in: whom others come after goes first, otherwise the lowest priority number. */
public final class StartOrder {
    private final Map<ServerId, ServerSpec> specs = new LinkedHashMap<>();
    private final Set<ServerId> done = new LinkedHashSet<>();
    private final List<ServerId> path = new ArrayList<>();
    private List<ServerId> cycle = List.of();

    private StartOrder(Collection<ServerSpec> all) {
        all.stream()
                .sorted(Comparator.comparingInt(ServerSpec::priority).thenComparing(ServerSpec::id))
                .forEach(spec -> specs.put(spec.id(), spec));
        List.copyOf(specs.values()).forEach(this::visit);
    }

    /** Servers of a cycle are in it, in any order. */
    public static List<ServerSpec> of(Collection<ServerSpec> specs) {
        StartOrder order = new StartOrder(specs);
        return order.done.stream().map(order.specs::get).toList();
    }

    /** Servers that come after each other, the first named again at the end. */
    public static Optional<List<ServerId>> cycle(Collection<ServerSpec> specs) {
        StartOrder order = new StartOrder(specs);
        return order.cycle.isEmpty() ? Optional.empty() : Optional.of(order.cycle);
    }

    /** Those that can start, in the order of {@code specs}: without the members of any cycle. */
    public static List<ServerSpec> withoutCycles(Collection<ServerSpec> specs) {
        List<ServerSpec> left = new ArrayList<>(specs);
        for (Optional<List<ServerId>> next = cycle(left); next.isPresent(); next = cycle(left)) {
            Set<ServerId> members = new HashSet<>(next.get());
            left.removeIf(spec -> members.contains(spec.id()));
        }
        return List.copyOf(left);
    }

    /** What is told to whoever wrote the cycle. */
    public static Problem problem(List<ServerId> cycle) {
        List<String> names = cycle.stream().map(id -> "\"" + id + "\"").toList();
        return new Problem(
                Problem.INVALID_CONFIGURATION,
                "servers come after each other: " + String.join(" after ", names) + " (expected: no cycle)",
                "Remove one of the entries in their after, requires or bind.");
    }

    private void visit(ServerSpec spec) {
        if (done.contains(spec.id())) {
            return;
        }
        if (path.contains(spec.id())) {
            cycle = new ArrayList<>(path.subList(path.indexOf(spec.id()), path.size()));
            cycle.add(spec.id());
            return;
        }
        path.add(spec.id());
        for (ServerId earlier : spec.start().dependencies().all()) {
            Optional.ofNullable(specs.get(earlier)).ifPresent(this::visit);
        }
        path.remove(path.size() - 1);
        done.add(spec.id());
    }
}
