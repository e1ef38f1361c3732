package org.mcpservermanager.supervision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Usage;

/** What the copies of one server use, and what follows from it. Confined to the supervisor's mailbox, but for {@link #usage}. */
final class ResourceBook {
    private final Supplier<ServerSpec> specs;
    private final Surroundings surroundings;
    private final Traffic traffic;
    private final AlertBook alerts = new AlertBook();
    private Map<Copy, LimitWatch> watches = Map.of();
    private volatile Usage usage = Usage.NONE; // written only in the mailbox

    private record Excess(Copy copy, Problem problem) {}

    ResourceBook(Supplier<ServerSpec> specs, Surroundings surroundings, Traffic traffic) {
        this.specs = specs;
        this.surroundings = surroundings;
        this.traffic = traffic;
    }

    /** Of all copies together, when they were last measured. */
    Usage usage() {
        return usage;
    }

    /** No copy lives any more. */
    void forget() {
        usage = Usage.NONE;
    }

    /**
     * Tells people, and fails the copies that are above a limit for good.
     *
     * @param usages of all children; those of other servers are left alone
     * @return whether a copy is above a limit and should be measured again soon
     */
    boolean judge(List<Copy> copies, Map<Child, Usage> usages, long restarts) {
        ServerSpec spec = specs.get();
        Map<Copy, LimitWatch> next = new HashMap<>();
        List<Usage> own = new ArrayList<>();
        List<Excess> excesses = new ArrayList<>();
        for (Copy copy : copies) {
            Optional<Usage> measured = Optional.ofNullable(copy.child()).map(usages::get);
            measured.ifPresent(each -> {
                own.add(each);
                LimitWatch watch = watches.getOrDefault(copy, new LimitWatch());
                next.put(copy, watch);
                watch.take(spec.id(), each, spec.limits())
                        .ifPresent(problem -> excesses.add(new Excess(copy, problem)));
            });
        }
        watches = next;
        usage = own.stream().reduce(Usage.NONE, Usage::plus);
        long nowMillis = surroundings.nanos().getAsLong() / 1_000_000;
        Instant at = surroundings.clock().instant();
        alerts.take(spec, own, traffic.totals(restarts), nowMillis, at).forEach(surroundings.events()::publish);
        excesses.forEach(excess -> excess.copy().fail(excess.problem()));
        return own.stream().anyMatch(each -> LimitWatch.isTense(each, spec.limits()));
    }
}
