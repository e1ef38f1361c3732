package org.mcpservermanager.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;

/**
 * What a configuration says.
 *
 * @param specs in the order of the file, ids unique
 * @param groups in the order of the file, names unique
 * @param problems all of them, in the order of the file
 * @param refused ids of entries that were left out because of an error, as far as they have one: their servers are
 *     misspelt, not removed
 */
public record Loaded(List<ServerSpec> specs, List<Group> groups, List<ConfigProblem> problems, Set<ServerId> refused) {
    public Loaded(List<ServerSpec> specs, List<ConfigProblem> problems, Set<ServerId> refused) {
        this(specs, List.of(), problems, refused);
    }

    public Loaded {
        groups = List.copyOf(groups);
        specs = List.copyOf(specs);
        problems = List.copyOf(problems);
        refused = Set.copyOf(refused);
    }

    /** A file that could not be read at all: nothing is known about its servers. */
    public boolean isUnreadable() {
        return specs.isEmpty() && refused.isEmpty() && problems.stream().anyMatch(ConfigProblem::isError);
    }

    /** Both; a server that both define is taken from this one, and the other definition is a problem. */
    public Loaded and(Loaded later) {
        Map<ServerId, ServerSpec> all = new LinkedHashMap<>();
        specs.forEach(spec -> all.put(spec.id(), spec));
        List<ConfigProblem> allProblems = new ArrayList<>(problems);
        allProblems.addAll(later.problems);
        for (ServerSpec spec : later.specs) {
            ServerSpec earlier = all.putIfAbsent(spec.id(), spec);
            if (earlier != null) {
                allProblems.add(twice(spec, earlier));
            }
        }
        Set<ServerId> allRefused = new LinkedHashSet<>(refused);
        allRefused.addAll(later.refused);
        allRefused.removeAll(all.keySet());
        return new Loaded(List.copyOf(all.values()), allGroups(later), allProblems, allRefused);
    }

    /** Of two groups with one name this one's. */
    private List<Group> allGroups(Loaded later) {
        Map<String, Group> all = new LinkedHashMap<>();
        groups.forEach(group -> all.put(group.name(), group));
        later.groups.forEach(group -> all.putIfAbsent(group.name(), group));
        return List.copyOf(all.values());
    }

    private static ConfigProblem twice(ServerSpec spec, ServerSpec earlier) {
        Problem problem = new Problem(
                Problem.SERVER_ALREADY_EXISTS,
                spec.source() + ": server \"" + spec.id() + "\" is already defined by " + earlier.source()
                        + ", which is taken",
                "Rename one of the two, or remove one.");
        return new ConfigProblem(ConfigProblem.Severity.ERROR, spec.source(), "", problem);
    }
}
