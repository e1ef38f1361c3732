package org.mcpservermanager.supervision;

import java.time.Instant;
import java.util.Optional;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.health.HealthState;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Usage;

/** What people want to know of a server beyond what its lifecycle needs; confined to the supervisor's mailbox. */
final class Tally {
    private long starts;
    private long failures;
    private Snapshot.Running running = Snapshot.Running.NONE;
    private Optional<Instant> failedAt = Optional.empty();
    private Optional<Instant> retryAt = Optional.empty();
    private long restarts;
    private boolean asked;

    /** @param isAsked whether the operator asked for what may be the next launch */
    void count(Life before, Life after, boolean isAsked, Instant now, long nowMillis) {
        // who asks for what runs already gets no launch
        asked |= isAsked && !after.equals(before);
        if (after.launches() != before.launches()) {
            starts++;
            restarts += asked ? 0 : 1;
            asked = false;
        }
        if (after.phase() == before.phase()) {
            return;
        }
        boolean failed =
                switch (after.phase()) {
                    case BACKOFF, PARKED, FATAL, EXITED -> true;
                    default -> false;
                };
        if (failed) {
            failures++;
            failedAt = Optional.of(now);
        }
        boolean waits = after.phase() == Phase.BACKOFF || after.phase() == Phase.PARKED;
        retryAt = waits ? Optional.of(now.plusMillis(after.retryAt() - nowMillis)) : Optional.empty();
        if (after.phase() != Phase.RUNNING && after.phase() != Phase.STOPPING) {
            running = Snapshot.Running.NONE;
        }
    }

    long restarts() {
        return restarts;
    }

    void opened(Peer peer, Child child, Instant now) {
        running = new Snapshot.Running(
                child.pid(),
                Optional.of(child.startedAt()),
                Optional.of(now),
                child.containment(),
                child.pidsMax(),
                peer.protocolVersion(),
                peer.name(),
                peer.version());
    }

    Snapshot snapshot(ServerSpec spec, Life life, HealthState health, Traffic traffic, Snapshot.Copies copies) {
        return new Snapshot(
                spec,
                life.wish(),
                life.phase(),
                life.step(),
                health.health(),
                life.generation(),
                counts(life.failures(), traffic, copies),
                running,
                new Snapshot.Failure(life.problem(), life.exit(), failedAt, retryAt, life.stuck()),
                health.checks(),
                Usage.NONE);
    }

    Snapshot refresh(Snapshot old, Traffic traffic, Snapshot.Copies copies) {
        Snapshot.Counts c = old.counts();
        return new Snapshot(
                old.spec(),
                old.wish(),
                old.phase(),
                old.step(),
                old.health(),
                old.generation(),
                new Snapshot.Counts(
                        c.starts(),
                        c.restarts(),
                        c.failures(),
                        c.failuresInRow(),
                        traffic.requests(),
                        traffic.errors(),
                        traffic.inFlight(),
                        copies),
                old.running(),
                old.failure(),
                old.checks(),
                old.resources());
    }

    private Snapshot.Counts counts(int failuresInRow, Traffic traffic, Snapshot.Copies copies) {
        return new Snapshot.Counts(
                starts,
                restarts,
                failures,
                failuresInRow,
                traffic.requests(),
                traffic.errors(),
                traffic.inFlight(),
                copies);
    }
}
