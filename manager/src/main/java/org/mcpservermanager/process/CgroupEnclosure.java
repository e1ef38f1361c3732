package org.mcpservermanager.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.mcpservermanager.server.Containment.Ceiling;

/**
 * The control groups of one launch; the first tells who is inside.
 *
 * @param birthplaces all of them, or none: then the command enters them
 */
record CgroupEnclosure(
        List<ControlGroup> groups,
        List<ControlGroup> birthplaces,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Ceiling ceiling,
        Consumer<List<ControlGroup>> discard)
        implements Enclosure {
    @Override
    public String name() {
        return "cgroup";
    }

    @Override
    public boolean isGroup() {
        return true;
    }

    @Override
    public Collection<Long> pids() {
        return groups.get(0).pids();
    }

    @Override
    public boolean isTight() {
        return true;
    }

    @Override
    public int pidsMax() {
        return ceiling.processes();
    }

    /** Somebody may have begun since the machine was looked at. */
    @Override
    public boolean isOccupied() {
        return !pids().isEmpty();
    }

    @Override
    public void term(Duration grace, Runnable signals) {
        groups.get(0).thaw();
        signals.run();
    }

    @Override
    public void kill(Runnable signals) {
        groups.get(0).kill(signals);
    }

    @Override
    public Optional<String> limitHit() {
        if (ceiling.memoryBytes() > 0 && sum("memory.events", "oom_kill") + sum("memory.oom_control", "oom_kill") > 0) {
            return Optional.of("the system ended a process of it at the limit of " + ceiling.memoryBytes()
                    + " bytes of its control group");
        }
        long refused = ceiling.processes() > 0 ? sum("pids.events", "max") : 0;
        return refused > 0
                ? Optional.of("the system had refused it " + refused + " times more than the " + ceiling.processes()
                        + " processes and threads of its control group")
                : Optional.empty();
    }

    private long sum(String file, String name) {
        return groups.stream().mapToLong(group -> group.count(file, name)).sum();
    }

    @Override
    public void remove() {
        discard.accept(groups);
    }

    @Override
    public Optional<String> will() {
        return Optional.of("c " + groups.get(0).directory());
    }
}
