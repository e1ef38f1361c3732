package org.mcpservermanager.conversation;

/** A request that was sent to a server and is not answered yet. */
public interface Call {
    /** Already over, or never sent. */
    Call DONE = reason -> {};

    /** Tells the server that nobody waits any more; the exchange gets no outcome from it. Idempotent. */
    void cancel(String reason);
}
