package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Enclosures that an earlier life of this manager left behind, taken as one. */
final class Remains implements Enclosure {
    private static final Logger LOG = Logger.getLogger(Remains.class.getName());
    private final List<ControlGroup> groups;
    private final List<ContainerCli> runtimes;
    private final Containers containers;
    private final Predicate<String> kept;
    private final AtomicInteger asked;

    /** @param kept names of containers that are not to be removed */
    Remains(List<ControlGroup> groups, List<ContainerCli> runtimes, Containers containers, Predicate<String> kept) {
        this.kept = kept;
        this.groups = groups;
        this.runtimes = runtimes;
        this.containers = containers;
        asked = new AtomicInteger(runtimes.size());
    }

    @Override
    public String name() {
        return "leftovers";
    }

    @Override
    public List<String> command() {
        return List.of();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public Path directory() {
        return Path.of("/");
    }

    @Override
    public boolean isGroup() {
        return false;
    }

    @Override
    public Collection<Long> pids() {
        List<Long> pids = new ArrayList<>();
        groups.forEach(group -> pids.addAll(group.pids()));
        return pids;
    }

    /** Whose the processes in control groups are: the groups' names begin with the server's. */
    Map<Long, String> servers() {
        Map<Long, String> servers = new HashMap<>();
        for (ControlGroup group : groups) {
            String name = group.directory().getFileName().toString();
            int end = name.indexOf('.');
            group.pids().forEach(pid -> servers.put(pid, end < 0 ? "" : name.substring(0, end)));
        }
        return servers;
    }

    @Override
    public boolean isOccupied() {
        return asked.get() > 0 || !pids().isEmpty();
    }

    /** A runtime that does not answer is asked again at the next start: its daemon's containers cannot be reached by us either. */
    @Override
    public void leaderGone() {
        runtimes.forEach(runtime -> containers.removeLeftovers(runtime, kept, done -> asked.decrementAndGet()));
    }

    @Override
    public void term(Duration grace, Runnable signals) {
        groups.forEach(ControlGroup::thaw);
        signals.run();
    }

    @Override
    public void kill(Runnable signals) {
        groups.forEach(group -> group.kill(() -> {}));
        signals.run();
    }

    @Override
    public void remove() {
        groups.forEach(ControlGroup::remove);
        groups.stream().map(group -> group.directory().getParent()).distinct().forEach(Remains::removeIfEmpty);
    }

    private static void removeIfEmpty(Path parent) {
        try {
            Files.deleteIfExists(parent);
        } catch (IOException inUse) {
            LOG.log(Level.FINE, "control group " + parent + " stays", inUse);
        }
    }

    @Override
    public Duration patience() {
        return runtimes.isEmpty() ? Enclosure.super.patience() : Duration.ofSeconds(30);
    }
}
