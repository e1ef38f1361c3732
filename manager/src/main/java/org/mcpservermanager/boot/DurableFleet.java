package org.mcpservermanager.boot;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.supervision.Fleet;

/** The fleet as operators change it: what they define is in the database before it runs, and out of it after it is gone. */
final class DurableFleet implements Fleet {
    private final Fleet fleet;
    private final Definitions definitions;
    private final Drafts drafts;

    DurableFleet(Fleet fleet, Definitions definitions, Drafts drafts) {
        this.fleet = fleet;
        this.definitions = definitions;
        this.drafts = drafts;
    }

    @Override
    public List<Snapshot> servers() {
        return fleet.servers();
    }

    @Override
    public Optional<Snapshot> server(ServerId id) {
        return fleet.server(id);
    }

    @Override
    public CompletionStage<Snapshot> start(ServerId id) {
        return fleet.start(id);
    }

    @Override
    public CompletionStage<Snapshot> stop(ServerId id, boolean force) {
        return fleet.stop(id, force);
    }

    @Override
    public CompletionStage<Snapshot> restart(ServerId id) {
        return fleet.restart(id);
    }

    @Override
    public void add(List<ServerSpec> specs) {
        boolean allAbsent =
                specs.stream().allMatch(spec -> fleet.server(spec.id()).isEmpty());
        if (allAbsent) {
            specs.forEach(spec -> definitions.save(spec.id(), drafts.text(spec)));
        }
        try {
            fleet.add(specs);
        } catch (ProblemException refused) {
            if (allAbsent) {
                specs.forEach(spec -> definitions.remove(spec.id()));
            }
            throw refused;
        }
    }

    @Override
    public Optional<Problem> hostFault() {
        return fleet.hostFault();
    }

    @Override
    public CompletionStage<Snapshot> update(ServerSpec spec) {
        Optional<String> before = Optional.ofNullable(definitions.all().get(spec.id()));
        boolean isKnown = fleet.server(spec.id()).isPresent();
        if (isKnown) {
            definitions.save(spec.id(), drafts.text(spec));
        }
        try {
            return fleet.update(spec);
        } catch (ProblemException refused) {
            if (isKnown) {
                before.ifPresentOrElse(text -> definitions.save(spec.id(), text), () -> definitions.forget(spec.id()));
            }
            throw refused;
        }
    }

    @Override
    public CompletionStage<Snapshot> remove(ServerId id) {
        return fleet.remove(id).thenApply(last -> {
            definitions.remove(id);
            return last;
        });
    }

    @Override
    public List<Event.Output> output(ServerId id, int linesMax) {
        return fleet.output(id, linesMax);
    }
}
