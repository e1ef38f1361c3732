package org.mcpservermanager.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What a child prints. Its descriptor is closed when no process can write into it any more, and by nobody while it is read: its
 * number would pass to another pipe, whose bytes the reader would take.
 */
final class ChildOutput extends InputStream {
    private static final Logger LOG = Logger.getLogger(ChildOutput.class.getName());
    private final ReentrantLock reading = new ReentrantLock();
    private final InputStream pipe;
    private InputStream source; // guarded by reading
    private volatile boolean closed;

    ChildOutput(InputStream pipe) {
        this.pipe = pipe;
        source = pipe;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        reading.lock();
        try {
            int count = closed ? -1 : source.read(bytes, offset, length);
            closed |= count < 0;
            return count;
        } finally {
            reading.unlock();
            closeIfAsked();
        }
    }

    /** Nobody is left to write; what was said remains to be read. Returns at once. */
    void settle() {
        if (reading.tryLock()) {
            try {
                if (!closed) {
                    // a file stream's own readNBytes asks for the position, which a pipe has not
                    byte[] lastWords = new byte[pipe.available()];
                    int length = lastWords.length == 0 ? 0 : Math.max(0, pipe.read(lastWords));
                    source = new ByteArrayInputStream(lastWords, 0, length);
                    pipe.close();
                }
            } catch (IOException broken) {
                LOG.log(Level.FINE, "what a process said last cannot be read", broken);
            } finally {
                reading.unlock();
                closeIfAsked();
            }
        }
    }

    /** Returns at once; a read under way goes on. */
    @Override
    public void close() {
        closed = true;
        closeIfAsked();
    }

    /** Whoever sees the request and gets the lock closes; who fails to get it leaves that to its holder, who looks after it. */
    private void closeIfAsked() {
        if (closed && reading.tryLock()) {
            try {
                pipe.close();
            } catch (IOException broken) {
                LOG.log(Level.FINE, "the pipe was broken", broken);
            } finally {
                reading.unlock();
            }
        }
    }
}
