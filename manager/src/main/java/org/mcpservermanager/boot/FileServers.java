package org.mcpservermanager.boot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.mcpservermanager.config.ConfigProblem;
import org.mcpservermanager.config.Loaded;
import org.mcpservermanager.manage.Configuration;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartOrder;
import org.mcpservermanager.supervision.Fleet;

/**
 * The servers of the fleet that a file defines. Whoever else defined or changed a server keeps it: the file does not touch it
 * any more. Not safe for threads.
 */
final class FileServers {
    private final Fleet fleet;
    private final Map<ServerId, ServerSpec> said = new HashMap<>();

    FileServers(Fleet fleet) {
        this.fleet = fleet;
    }

    void began(Collection<ServerSpec> specs) {
        specs.forEach(spec -> said.put(spec.id(), spec));
    }

    /** @param report told what could not be done */
    Configuration.Outcome become(Loaded loaded, String file, Consumer<ConfigProblem> report) {
        List<ServerId> added = new ArrayList<>();
        List<ServerId> changed = new ArrayList<>();
        List<ServerId> kept = new ArrayList<>();
        loaded.refused().stream().filter(this::isOurs).sorted().forEach(kept::add);
        List<ServerId> removed = removeAllBut(loaded);
        for (ServerSpec spec : StartOrder.of(loaded.specs())) {
            try {
                ServerSpec before = said.get(spec.id());
                Optional<Snapshot> there = fleet.server(spec.id());
                if (there.isEmpty() && !isSame(before, spec)) {
                    fleet.add(List.of(spec));
                    said.put(spec.id(), spec);
                    added.add(spec.id());
                } else if (there.isPresent() && isOurs(spec.id())) {
                    if (!isSame(there.get().spec(), spec)) {
                        fleet.update(spec);
                        said.put(spec.id(), spec);
                        changed.add(spec.id());
                    }
                } else if (there.isPresent()) {
                    report.accept(taken(spec, there.get().spec(), file));
                }
            } catch (ProblemException refused) {
                report.accept(new ConfigProblem(ConfigProblem.Severity.ERROR, file, spec.source(), refused.problem()));
                kept.add(spec.id());
            }
        }
        return new Configuration.Outcome(true, added, changed, removed, kept);
    }

    private List<ServerId> removeAllBut(Loaded loaded) {
        Set<ServerId> gone = new HashSet<>(said.keySet());
        gone.removeAll(loaded.refused());
        loaded.specs().forEach(spec -> gone.remove(spec.id()));
        List<ServerId> removed = gone.stream().filter(this::isOurs).sorted().toList();
        removed.forEach(fleet::remove);
        said.keySet().removeAll(gone);
        return removed;
    }

    /** Whether the server there is now was last changed by the file. */
    private boolean isOurs(ServerId id) {
        ServerSpec last = said.get(id);
        return last != null
                && fleet.server(id)
                        .filter(server -> server.spec().source().equals(last.source()))
                        .isPresent();
    }

    private static boolean isSame(ServerSpec before, ServerSpec after) {
        return before != null && before.from(after.source()).equals(after);
    }

    private static ConfigProblem taken(ServerSpec spec, ServerSpec other, String file) {
        Problem problem = new Problem(
                Problem.SERVER_ALREADY_EXISTS,
                spec.source() + ": server \"" + spec.id() + "\" was defined by " + other.source()
                        + " meanwhile, which counts until the manager is restarted",
                "Remove one of the two, or rename the entry.");
        return new ConfigProblem(ConfigProblem.Severity.WARNING, file, spec.source(), problem);
    }
}
