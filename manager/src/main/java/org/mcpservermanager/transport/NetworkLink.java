package org.mcpservermanager.transport;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.server.Problem;

/** A link to a server that is no child of ours. */
public interface NetworkLink extends Link {
    /** Why it ended, when it was not closed; what may be shown of it. */
    Optional<Problem> problem();

    /** Completes soon after it was closed, when the server was told or could not be. */
    CompletableFuture<Void> gone();
}
