package org.mcpservermanager.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.mcpservermanager.server.Containment.Ceiling;

/** The control groups of one launch; the first tells who is inside. */
record CgroupEnclosure(
        List<ControlGroup> groups,
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
    public void remove() {
        discard.accept(groups);
    }

    @Override
    public Optional<String> will() {
        return Optional.of("c " + groups.get(0).directory());
    }
}
