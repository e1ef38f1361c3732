package org.mcpservermanager.transport;

import org.mcpservermanager.protocol.Message;

/** The byte channel to an instance: whole messages in both directions, in order. */
public interface Link extends AutoCloseable {
    /** Starts reading. The receiver is called from one thread at a time. */
    void open(Receiver receiver);

    /**
     * Queues a message; never blocks. Messages leave in the order of the calls.
     *
     * @return false when it was not taken: closed, or the peer does not read and the queue is full (256 messages or 8 MiB)
     */
    boolean send(Message message);

    /** Ends the link; idempotent; does not stop the process behind it. */
    @Override
    void close();

    /** What a link tells. */
    interface Receiver {
        void onMessage(Message message);

        /** A line or frame that is not a message, or is too long; for the log. The link goes on. */
        void onNoise(String excerpt);

        /** No more messages will come, and none can be sent. Called once. */
        void onClosed(String reason);
    }
}
