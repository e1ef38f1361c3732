package org.mcpservermanager.process;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The child's stdin. Every write goes out at once. A write to a child that does not read hangs until the child dies, and closing
 * the JDK's stream would hang behind it: here, the writer itself closes when it comes back. Whoever writes only asks for the end:
 * a server that leaves at once orphans its processes, so they are looked at before.
 */
final class ChildInput extends OutputStream {
    private static final Logger LOG = Logger.getLogger(ChildInput.class.getName());
    private final OutputStream pipe;
    private final BooleanSupplier endAsked;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean closed;
    private volatile boolean ending;

    /** @param endAsked answers whether {@link #end} will be called soon */
    ChildInput(OutputStream pipe, BooleanSupplier endAsked) {
        this.pipe = pipe;
        this.endAsked = endAsked;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        writing.lock();
        try {
            if (closed || ending) {
                throw new IOException("the server's stdin is closed");
            }
            pipe.write(bytes, offset, length);
            pipe.flush();
        } finally {
            writing.unlock();
            closeIfAsked();
        }
    }

    @Override
    public void flush() {
        // Every write has been flushed.
    }

    /** Returns at once. */
    @Override
    public void close() {
        closed = true;
        if (!endAsked.getAsBoolean()) {
            end();
        }
    }

    /** The server sees the end of its input. Returns at once. */
    void end() {
        ending = true;
        closeIfAsked();
    }

    /** Whoever sees the request and gets the lock closes; who fails to get it leaves that to its holder. */
    private void closeIfAsked() {
        if (ending && writing.tryLock()) {
            try {
                pipe.close();
            } catch (IOException broken) {
                LOG.log(Level.FINEST, "the reader of the pipe was gone", broken);
            } finally {
                writing.unlock();
            }
        }
    }
}
