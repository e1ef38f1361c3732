package org.mcpservermanager.conversation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;

/** MCP spoken with one running copy of a server, after its handshake. */
public interface Conversation {
    Peer peer();

    /** Sends the request with an id of our own. The exchange is completed in every case, also when this copy dies. Never blocks. */
    Call begin(Exchange exchange);

    /** A client's notification (roots/list_changed, ...). Cancellation goes through {@link Call#cancel}. */
    void tell(Message notification);

    int inFlight();

    /** Completes as soon as no exchange is open, at once when none is; who began one meanwhile delays it. */
    default CompletionStage<Void> idle() {
        return CompletableFuture.completedFuture(null);
    }

    /** How long nothing was heard of the server; longer than anything where nobody listens for that. */
    default Duration silence() {
        return Duration.ofNanos(Long.MAX_VALUE);
    }

    /** Whether it has ended, by itself too: every further call fails. */
    default boolean isOver() {
        return false;
    }

    /** Fails every open exchange at once with SERVER_UNAVAILABLE and this cause, and closes the link. Idempotent. */
    void end(Problem cause);
}
