package org.mcpservermanager.routing;

import java.util.concurrent.CompletionStage;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;

/** Finds the copy of a server that serves a client. Never blocks, never throws for a server's state. */
public interface Router {
    /** Sends the exchange to the copy that serves its client; a refusal is an outcome of the exchange. */
    Call send(ServerId server, Exchange exchange);

    /** A notification of the client to the copy that serves it; dropped when there is none. */
    void tell(ServerId server, Client client, Message notification);

    /**
     * Attaches the client to its copy (starting one of its own where {@link org.mcpservermanager.server.Isolation} says so) and
     * answers what the server says of itself. From now on the client is told the server's list changes, updates and logs.
     * Fails with {@link org.mcpservermanager.server.ProblemException}.
     */
    CompletionStage<Peer> attach(ServerId server, Client client);

    /**
     * The client was attached before, to a copy that this manager never had: its wishes hold again, for the copy that serves it
     * now and those to come. False when there is no such server.
     */
    boolean resume(ServerId server, Client client, Wishes wishes);

    /** The client is gone: its calls are cancelled and its own copies end. Idempotent. */
    void detach(Client client);
}
