package org.mcpservermanager.gateway;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;

/** What stands behind one session: a server, or all of them. */
interface Target {
    /** Opens it for the client. Fails with {@link org.mcpservermanager.server.ProblemException}. */
    CompletionStage<Greeting> open();

    /** Takes the place of {@link #open} in a session of an earlier manager. False when nothing stands behind it any more. */
    boolean resume(SessionWishes wishes);

    /** The server that this resource belongs to. */
    Optional<ServerId> ownerOf(String uri);

    /** Completes the exchange in every case. Never blocks. */
    Call request(Exchange exchange);

    void notification(Message notification);

    /** Whether the client is told this notification that belongs to none of its calls. */
    boolean relays(Message notification);

    void close();

    /**
     * The answer to initialize.
     *
     * @param result raw JSON
     */
    record Greeting(String version, String result) {}
}
