package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.mcpservermanager.server.Containment.Ceiling;
import org.mcpservermanager.server.Problem;

/** Control groups for servers, below this JVM's own; version 2 where there is one, else the freezer or pids groups of version 1. */
final class Cgroups {
    private static final Logger LOG = Logger.getLogger(Cgroups.class.getName());
    private final Grouping grouping;
    private final Spawner spawner;
    private final CgroupMounts mounts;
    private final boolean bearing;
    private final String ours;
    private final ControlGroup parent;
    /** Of version 1, by controller: the parent of what has to be held there too. */
    private final Map<String, Optional<ControlGroup>> others = new ConcurrentHashMap<>();
    /** Those that the kernel did not let go at once: tried again with every launch, and at the end. */
    private final Queue<ControlGroup> doomed = new ConcurrentLinkedQueue<>();

    /** @param bearing processes are to be born in their groups; else they enter them */
    private Cgroups(Grouping grouping, Spawner spawner, CgroupMounts mounts, boolean bearing, String ours, Path place) {
        ControlGroup base = ControlGroup.at(place);
        this.bearing = bearing && spawner.knows(List.of(base));
        this.grouping = grouping;
        this.spawner = spawner;
        this.mounts = mounts;
        this.ours = ours;
        this.parent = base.child(ours);
    }

    /** Empty, with the reason in the log, where none can be made. */
    static Optional<Cgroups> ofThisMachine(Grouping grouping, Spawner spawner, CgroupMounts mounts, ManagerId manager) {
        if (!grouping.isGroup()) {
            return Optional.empty();
        }
        // To enter a group takes a shell and some 10 ms; what can be born in it has neither. But that may be refused.
        return Stream.of(true, false)
                .flatMap(bearing -> bases(mounts)
                        .map(base -> new Cgroups(grouping, spawner, mounts, bearing, "mcp-" + manager, base))
                        .filter(groups -> groups.bearing == bearing))
                .filter(Cgroups::works)
                .findFirst();
    }

    private static Stream<Path> bases(CgroupMounts mounts) {
        return Stream.of(mounts.unified(), mounts.controller("freezer"), mounts.controller("pids"))
                .flatMap(Optional::stream);
    }

    /** Where all of them are. */
    ControlGroup parent() {
        return parent;
    }

    /** Whether the server gets the environment that was declared for it. */
    boolean canPass(Launch launch) {
        return bearing || ShellStep.canPass(launch.environment());
    }

    /** A shell must be inside, be ended from there, and leave a group that can be removed. */
    private boolean works() {
        ControlGroup group = parent.child("probe");
        try {
            group.make();
            List<ControlGroup> groups = List.of(group);
            List<ControlGroup> birthplaces = birthplaces(groups);
            try (Probe probe = Probe.start(spawner, command(groups, birthplaces, "", Probe.COMMAND), birthplaces)) {
                boolean inside = probe.answer().isPresent() && group.pids().equals(List.of(probe.pid()));
                group.kill(probe::killLeader);
                return probe.ends() && group.remove() && inside;
            }
        } catch (IOException failure) {
            LOG.log(Level.INFO, "no control groups for servers: " + parent.directory() + " cannot be used: " + failure);
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            group.remove();
        }
    }

    /** Refuses when this machine cannot hold the launch to the ceiling. */
    CgroupEnclosure enclose(Launch launch, Marker marker, Ceiling ceiling) throws IOException {
        return enclose(launch, marker, ceiling, true);
    }

    /** Held to the ceiling where this machine can. */
    CgroupEnclosure encloseAsPossible(Launch launch, Marker marker, Ceiling ceiling) throws IOException {
        return enclose(launch, marker, ceiling, false);
    }

    private CgroupEnclosure enclose(Launch launch, Marker marker, Ceiling ceiling, boolean must) throws IOException {
        List<String> program = Preflight.check(launch);
        doomed.removeIf(ControlGroup::remove);
        String name = marker.server() + "." + marker.generation() + "." + marker.run() + "." + marker.sequence();
        List<ControlGroup> groups = new ArrayList<>(List.of(parent.child(name)));
        boolean made = false;
        Ceiling kept;
        List<ControlGroup> birthplaces;
        try {
            groups.get(0).make();
            kept = must ? limit(launch, groups, ceiling) : limitAsPossible(launch, groups, ceiling);
            birthplaces = birthplaces(groups);
            if (birthplaces.isEmpty()) {
                ShellStep.requirePassable(launch);
            }
            made = true;
        } finally {
            if (!made) {
                discard(groups);
            }
        }
        return new CgroupEnclosure(
                groups,
                birthplaces,
                command(groups, birthplaces, ShellStep.additions(launch.environment()), program),
                launch.environment(),
                launch.directory(),
                kept,
                this::discard);
    }

    private Ceiling limitAsPossible(Launch launch, List<ControlGroup> groups, Ceiling ceiling) throws IOException {
        try {
            return limit(launch, groups, ceiling);
        } catch (LaunchRefused refused) {
            LOG.log(Level.FINE, "not asked for, and not kept: {0}", refused.problem());
            return Ceiling.NONE;
        }
    }

    private Ceiling limit(Launch launch, List<ControlGroup> groups, Ceiling ceiling) throws IOException {
        if (ceiling.memoryBytes() > 0) {
            hold(launch, groups, "memory", "memory.max", "memory.limit_in_bytes", ceiling.memoryBytes());
        }
        if (ceiling.processes() > 0) {
            hold(launch, groups, "pids", "pids.max", "pids.max", ceiling.processes());
        }
        return ceiling;
    }

    /** Adds the group that has the controller, where it is not the server's first one. */
    private void hold(
            Launch launch, List<ControlGroup> groups, String controller, String file, String fileOld, long value)
            throws IOException {
        ControlGroup first = groups.get(0);
        Optional<ControlGroup> other = others.computeIfAbsent(controller, this::elsewhere);
        // a controller is in one hierarchy only
        if (other.isEmpty() && !first.has(file)) {
            enable(controller);
        }
        String limit = Long.toString(value);
        if (other.isPresent()) {
            ControlGroup second =
                    other.get().child(first.directory().getFileName().toString());
            if (!second.equals(first)) {
                add(launch, groups, controller, second);
            }
            second.set(fileOld, limit);
        } else if (first.has(file)) {
            first.set(file, limit);
        } else {
            throw unlimited(
                    launch, controller, "this machine does not give the manager the controller \"" + controller + "\"");
        }
    }

    private Optional<ControlGroup> elsewhere(String controller) {
        return mounts.controller(controller).map(base -> ControlGroup.at(base).child(ours));
    }

    private static void add(Launch launch, List<ControlGroup> groups, String controller, ControlGroup group) {
        try {
            group.make();
        } catch (IOException failure) {
            throw unlimited(launch, controller, "no group can be made: " + failure);
        }
        groups.add(group);
    }

    /** Possible in the topmost group, and where the JVM itself is not in the group it was given. */
    private void enable(String controller) {
        for (ControlGroup group : List.of(ControlGroup.at(parent.directory().getParent()), parent)) {
            try {
                group.set("cgroup.subtree_control", "+" + controller);
            } catch (IOException refused) {
                LOG.log(
                        Level.FINE,
                        "controller " + controller + " is not handed down by " + group.directory(),
                        refused);
            }
        }
    }

    private static LaunchRefused unlimited(Launch launch, String controller, String why) {
        return SpawnFailure.refuse(
                Problem.CONTAINMENT_NOT_AVAILABLE,
                "The limit \"cgroup." + controller + "\" cannot be kept: " + why + ", server '" + launch.server()
                        + "'.",
                "Remove the limit, or delegate the controller to the application server (systemd: Delegate=yes).",
                false);
    }

    private List<ControlGroup> birthplaces(List<ControlGroup> groups) {
        return bearing && spawner.knows(groups) ? groups : List.of();
    }

    private List<String> command(
            List<ControlGroup> groups, List<ControlGroup> birthplaces, String additions, List<String> program) {
        List<String> command = new ArrayList<>(grouping.prefix());
        if (birthplaces.isEmpty()) {
            command.addAll(List.of(ShellStep.SHELL, "-c", ShellStep.script("enter.sh"), "mcp-cgroup", additions));
            groups.forEach(group -> command.add(group.directory().toString()));
            command.add("--");
        }
        command.addAll(program);
        return command;
    }

    void discard(List<ControlGroup> groups) {
        groups.stream().filter(group -> !group.remove()).forEach(doomed::add);
    }

    void close() {
        doomed.removeIf(ControlGroup::remove);
        parent.remove();
        for (String controller : List.of("memory", "pids")) {
            elsewhere(controller).ifPresent(ControlGroup::remove);
        }
    }
}
