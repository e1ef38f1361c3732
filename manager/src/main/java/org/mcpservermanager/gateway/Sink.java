package org.mcpservermanager.gateway;

/** The connection of an event stream to a client. */
interface Sink {
    /** @return false when the connection is gone; never blocks */
    boolean send(String id, byte[] message);

    /** An event without data, from which a client that loses the connection can resume. */
    default void prime(String id) {
        send(id, new byte[0]);
    }

    /** Whether something that was sent is not written yet, because the client does not read. */
    boolean isBehind();

    /** Something about the connection itself: not a message, and sent only now. */
    void announce(String event, String id, String data);

    /** Closes after what was sent is written. */
    void end();

    /** Makes the client see that the stream is open although there is nothing to send yet. */
    void open();

    /** Writes something that clients ignore unless it has written since the last time: who left is noticed only by that. */
    default void touch() {
        // where connections tell by themselves that they are gone
    }

    /** Called once, whoever ended it; at once when it is over already. */
    void onClose(Runnable listener);
}
