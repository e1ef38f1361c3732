package org.mcpservermanager.supervision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.transport.Link;

/** Stands where a process would, for a copy whose server runs elsewhere: to end it is to close its links. */
final class Elsewhere implements Processless {
    private record Tie(Link link, CompletableFuture<Void> gone) {}

    private final Instant startedAt = Instant.now();
    private final CompletableFuture<Exit> exited = new CompletableFuture<>();
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private final List<Tie> ties = new ArrayList<>(); // guarded by ties
    private boolean ending; // guarded by ties

    /** @param gone completes in any case, soon after the link was closed */
    void tie(Link link, CompletableFuture<Void> gone) {
        boolean late;
        synchronized (ties) {
            late = ending;
            ties.removeIf(tie -> tie.gone().isDone());
            ties.add(new Tie(link, gone));
        }
        if (late) {
            link.close();
        }
    }

    @Override
    public CompletableFuture<Boolean> stop(Duration endOfInput, Duration term) {
        List<Tie> cut;
        synchronized (ties) {
            ending = true;
            cut = List.copyOf(ties);
        }
        cut.forEach(tie -> tie.link().close());
        return CompletableFuture.allOf(cut.stream().map(Tie::gone).toArray(CompletableFuture<?>[]::new))
                .handle((none, failure) -> left.complete(null))
                .thenApply(done -> true);
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    /** Never: nobody here knows of its end. */
    @Override
    public CompletableFuture<Exit> exited() {
        return exited;
    }

    @Override
    public CompletableFuture<Void> treeEmpty() {
        return left;
    }
}
