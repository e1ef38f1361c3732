package org.mcpservermanager.routing;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.server.ServerId;

/** Carries one JSON-RPC message to a server for a caller without a session. */
public interface MessageRelay {
    /**
     * Completes with the server's response as it came, or with an empty string when the message was a notification. Fails with
     * {@link org.mcpservermanager.server.ProblemException} when the message is refused or no answer came in time.
     */
    CompletionStage<String> relay(ServerId server, String json, Duration timeout);
}
