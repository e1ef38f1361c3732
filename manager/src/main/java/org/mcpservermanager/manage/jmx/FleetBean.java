package org.mcpservermanager.manage.jmx;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.mcpservermanager.config.ConfigProblem;
import org.mcpservermanager.manage.Configuration;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.supervision.Fleet;

/** Reads the fleet at every question. */
record FleetBean(Fleet fleet, Configuration configuration) implements FleetMXBean {
    @Override
    public List<String> getServerIds() {
        return fleet.servers().stream().map(server -> server.id().value()).toList();
    }

    @Override
    public int getServers() {
        return fleet.servers().size();
    }

    @Override
    public int getRunning() {
        return count("running");
    }

    @Override
    public int getStarting() {
        return count("starting");
    }

    @Override
    public int getFailed() {
        return count("error");
    }

    @Override
    public int getInFlight() {
        return (int) sum(server -> server.counts().inFlight());
    }

    @Override
    public long getRequests() {
        return sum(server -> server.counts().requests());
    }

    @Override
    public long getErrors() {
        return sum(server -> server.counts().errors());
    }

    @Override
    public long getRestartCount() {
        return sum(server -> server.counts().restarts());
    }

    @Override
    public void startAll() {
        each(fleet::start);
    }

    @Override
    public void stopAll(boolean force) {
        each(id -> fleet.stop(id, force));
    }

    @Override
    public void restartAll() {
        each(fleet::restart);
    }

    @Override
    public List<String> getConfigurationProblems() {
        return configuration.problems().stream().map(ConfigProblem::toString).toList();
    }

    @Override
    public void reloadConfiguration() {
        configuration.reload();
    }

    private void each(Function<ServerId, CompletionStage<Snapshot>> wish) {
        fleet.servers().stream()
                .filter(server -> server.phase() != Phase.DISABLED)
                .map(Snapshot::id)
                .forEach(id -> Refusals.post(() -> wish.apply(id)));
    }

    private int count(String status) {
        return (int) fleet.servers().stream()
                .filter(server -> server.phase().status().equals(status))
                .count();
    }

    private long sum(ToLongFunction<Snapshot> part) {
        return fleet.servers().stream().mapToLong(part).sum();
    }
}
