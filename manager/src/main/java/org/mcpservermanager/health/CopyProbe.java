package org.mcpservermanager.health;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.process.Child;

/** Looks at the process, and when that could answer, asks the server. */
public final class CopyProbe implements Probe {
    private final Child child;
    private final Probe server;

    public CopyProbe(Child child, Probe server) {
        this.child = child;
        this.server = server;
    }

    @Override
    public String question() {
        return server.question();
    }

    @Override
    public CompletableFuture<Optional<String>> check() {
        return switch (child.condition()) {
            case GONE -> CompletableFuture.completedFuture(Optional.of("process " + child.pid() + " is gone"));
            case STOPPED ->
                CompletableFuture.completedFuture(
                        Optional.of("process " + child.pid() + " is stopped by a signal (state T)"));
            case ALIVE -> server.check();
        };
    }
}
