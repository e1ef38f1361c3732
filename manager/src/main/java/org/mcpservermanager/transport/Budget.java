package org.mcpservermanager.transport;

/** How much may be on its way to one server: so many messages, and so many bytes unless it is one message. */
final class Budget {
    static final int MESSAGES_MAX = 256;
    static final int BYTES_MAX = 8 << 20;

    private int messages; // guarded by this
    private long bytes; // guarded by this

    synchronized boolean take(int length) {
        boolean full = messages >= MESSAGES_MAX || messages > 0 && bytes + length > BYTES_MAX;
        if (!full) {
            messages++;
            bytes += length;
        }
        return !full;
    }

    synchronized void give(int length) {
        messages--;
        bytes -= length;
    }
}
