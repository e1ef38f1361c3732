package org.mcpservermanager.manage.jmx;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.mcpservermanager.manage.ServerJson;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Usage;
import org.mcpservermanager.supervision.Fleet;

/** Reads the fleet at every question; a server that has just left reads as stopped. */
record ServerBean(Fleet fleet, ServerId id) implements ServerMXBean {
    @Override
    public String getPhase() {
        return text(server -> ServerJson.word(server.phase()), "stopped");
    }

    @Override
    public String getWish() {
        return text(server -> ServerJson.word(server.wish()), "down");
    }

    @Override
    public String getHealth() {
        return text(server -> ServerJson.word(server.health()), "unknown");
    }

    @Override
    public List<String> getHealthIssues() {
        return fleet.server(id).map(server -> server.checks().issues()).orElse(List.of());
    }

    @Override
    public long getPid() {
        return number(server -> server.running().pid());
    }

    @Override
    public long getGeneration() {
        return number(Snapshot::generation);
    }

    @Override
    public long getUptimeMs() {
        return number(server -> ServerJson.uptimeMillis(server, Instant.now()));
    }

    @Override
    public long getRestartCount() {
        return number(server -> server.counts().restarts());
    }

    @Override
    public long getRequests() {
        return number(server -> server.counts().requests());
    }

    @Override
    public long getErrors() {
        return number(server -> server.counts().errors());
    }

    @Override
    public int getInFlight() {
        return (int) number(server -> server.counts().inFlight());
    }

    @Override
    public String getLastError() {
        return text(server -> server.failure().problem().map(Problem::message).orElse(""), "");
    }

    @Override
    public Resources getResources() {
        return new Resources(fleet.server(id).map(Snapshot::resources).orElse(Usage.NONE));
    }

    @Override
    public String start() {
        Refusals.post(() -> fleet.start(id));
        return getPhase();
    }

    @Override
    public String stop(boolean force) {
        Refusals.post(() -> fleet.stop(id, force));
        return getPhase();
    }

    @Override
    public String restart() {
        Refusals.post(() -> fleet.restart(id));
        return getPhase();
    }

    private String text(Function<Snapshot, String> part, String otherwise) {
        return fleet.server(id).map(part).orElse(otherwise);
    }

    private long number(ToLongFunction<Snapshot> part) {
        return fleet.server(id).map(part::applyAsLong).orElse(0L);
    }
}
