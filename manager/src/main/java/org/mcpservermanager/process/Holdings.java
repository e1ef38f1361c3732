package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Problem;

/** Every way of holding processes together that works on this machine; each is tried when it is first needed. */
final class Holdings implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Holdings.class.getName());
    private final Grouping grouping;
    private final Traces traces;
    private final Once<Optional<PidNamespace>> pidNamespace;
    private final Once<Optional<Cgroups>> cgroups;
    private final Containers containers;

    Holdings(ProcessTable table, Grouping grouping, Spawner spawner, ManagerId manager, String run, Traces traces) {
        this.grouping = grouping;
        this.traces = traces;
        pidNamespace = new Once<>(() -> PidNamespace.ofThisMachine(table, grouping));
        cgroups = new Once<>(() -> {
            Optional<Cgroups> found = Cgroups.ofThisMachine(grouping, spawner, CgroupMounts.ofThisJvm(), manager);
            found.ifPresent(groups ->
                    traces.add(Traces.CGROUP, groups.parent().directory().toString()));
            return found;
        });
        containers = new Containers(grouping, manager, run);
    }

    /** What a launch gets that asks for nothing. */
    String standard() {
        return cgroups.get().isPresent() ? "cgroup" : grouping.name();
    }

    /** Refuses with the reason what cannot be started, or not in the way that was asked for. */
    Enclosure enclose(Launch launch, Marker marker) {
        if (launch.survival().isWanted()) {
            return surviving(launch, marker);
        }
        if (launch.containment() instanceof Containment.Container container) {
            return contain(launch, marker, container);
        }
        if (launch.containment() instanceof Containment.Cgroup cgroup) {
            return controlGroup(launch, marker, cgroup.ceiling());
        }
        return switch ((Containment.Level) launch.containment()) {
            case AUTO -> automatic(launch, marker);
            case NONE -> Prefixed.of(grouping.nameWithoutGroup(), grouping.withoutGroup(), 0, List.of(), launch);
            case GROUP -> group(launch);
            case PIDNS ->
                pidNamespace
                        .get()
                        .orElseThrow(() -> notHere(
                                launch,
                                "no way of making process namespaces works here (tried: unshare, bwrap)",
                                "Run the manager as root, allow user namespaces, or install bubblewrap;"))
                        .enclose(launch);
        };
    }

    /** A control group changes nothing that a server could see; a process namespace does, so it is never chosen unasked. */
    private Enclosure automatic(Launch launch, Marker marker) {
        if (cgroups.get().filter(groups -> groups.canPass(launch)).isPresent()) {
            try {
                return cgroups.get().get().encloseAsPossible(launch, marker, new Containment.Ceiling(0, launch.pids()));
            } catch (IOException failure) {
                LOG.log(
                        Level.WARNING,
                        "no control group can be made any more; server '" + launch.server() + "' gets a process group",
                        failure);
            }
        }
        return Prefixed.of(grouping.name(), grouping, 0, List.of(), launch);
    }

    /** Groups and containers stay as they are when the manager dies, and the next one finds them again. */
    private Enclosure surviving(Launch launch, Marker marker) {
        if (launch.containment() instanceof Containment.Container container) {
            return contain(launch, marker, container);
        }
        if (launch.containment() != Containment.Level.AUTO && launch.containment() != Containment.Level.GROUP) {
            throw notHere(launch, "it does not outlive the manager (\"survive\")", "Remove \"survive\",");
        }
        return group(launch);
    }

    private Enclosure group(Launch launch) {
        if (!grouping.isGroup()) {
            throw notHere(launch, "processes cannot be given groups of their own here", "Install setsid (util-linux);");
        }
        return Prefixed.of(grouping.name(), grouping, 0, List.of(), launch);
    }

    private Enclosure controlGroup(Launch launch, Marker marker, Containment.Ceiling ceiling) {
        Cgroups groups = cgroups.get()
                .orElseThrow(() -> notHere(
                        launch,
                        "the manager may not make control groups (see its log)",
                        "Run it as root, or delegate its control group to it (systemd: Delegate=yes);"));
        try {
            CgroupEnclosure enclosure = groups.enclose(launch, marker, ceiling);
            // Limits of version 1 are kept in other places than the processes' first group.
            enclosure
                    .groups()
                    .forEach(group -> traces.add(
                            Traces.CGROUP, group.directory().getParent().toString()));
            return enclosure;
        } catch (IOException failure) {
            throw SpawnFailure.refuse(
                    Problem.HOST_EXHAUSTED,
                    "No control group can be made: " + failure + ", server '" + launch.server() + "'.",
                    "Check the limits of control groups (cgroup.max.descendants).",
                    true);
        }
    }

    private Enclosure contain(Launch launch, Marker marker, Containment.Container container) {
        Enclosure enclosure = containers.enclose(launch, marker, container);
        traces.add(Traces.RUNTIME, containers.program(container));
        return enclosure;
    }

    private static LaunchRefused notHere(Launch launch, String why, String remedy) {
        return SpawnFailure.refuse(
                Problem.CONTAINMENT_NOT_AVAILABLE,
                "containment \"" + launch.containment().word() + "\": " + why + ", server '" + launch.server() + "'.",
                remedy + " or set containment to \"auto\".",
                false);
    }

    /** Whether the container of one that outlived the manager is there. */
    boolean holds(Journal.Entry entry) {
        return containers.isRunning(new ContainerCli(entry.runtime()), ContainerRun.name(entry.marker()));
    }

    /** What one is in that outlived the manager. */
    Enclosure around(Journal.Entry entry) {
        return entry.isContained()
                ? containers.existing(new ContainerCli(entry.runtime()), ContainerRun.name(entry.marker()))
                : new Prefixed(grouping.name(), true, 0, List.of(), Map.of(), Path.of("/"));
    }

    /** What earlier lives of this manager left in enclosures, but for what is to live on. */
    Remains remains(Survivors survivors) {
        List<ControlGroup> left = traces.of(Traces.CGROUP).stream()
                .flatMap(place -> ControlGroup.at(Path.of(place)).children().stream())
                .toList();
        List<ContainerCli> runtimes = traces.of(Traces.RUNTIME).stream()
                .filter(program -> CommandPath.isProgram(Path.of(program)))
                .map(ContainerCli::new)
                .toList();
        return new Remains(left, runtimes, containers, survivors::ownsContainer);
    }

    @Override
    public void close() {
        if (cgroups.isKnown()) {
            cgroups.get().ifPresent(Cgroups::close);
        }
        containers.close();
    }

    /** Found out at the first question; whoever asks meanwhile waits. */
    private static final class Once<T> {
        private final Supplier<T> question;
        private T answer;

        Once(Supplier<T> question) {
            this.question = question;
        }

        synchronized boolean isKnown() {
            return answer != null;
        }

        synchronized T get() {
            if (answer == null) {
                answer = question.get();
            }
            return answer;
        }
    }
}
