package org.mcpservermanager.transport;

/** Where the lines of a server's error output go. Called by one thread at a time. */
@FunctionalInterface
public interface LineSink {
    /** {@code sequence} counts from 1; a gap is lines that came too fast to be shown. */
    void onLine(long sequence, String line);
}
