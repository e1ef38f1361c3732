package org.mcpservermanager.process;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What a child prints. Its descriptor is closed when no process can write into it any more, and by nobody while it is read: its
 * number would pass to another pipe, whose bytes the reader would take.
 */
final class ChildOutput extends InputStream implements Readiness {
    private static final Logger LOG = Logger.getLogger(ChildOutput.class.getName());
    private static final long LAST_WORDS_MILLIS = 20;
    private final ReentrantLock reading = new ReentrantLock();
    private final InputStream pipe;
    private final int descriptor;
    private final ReadWatch watch;
    private final AtomicReference<Waiting> waiting = new AtomicReference<>();
    /** Open when nobody reads. */
    private volatile CountDownLatch quiet = new CountDownLatch(0);

    private InputStream source; // guarded by reading
    private boolean watched; // guarded by reading
    private volatile boolean closed;

    private record Waiting(Runnable reader, Executor executor) {}

    ChildOutput(InputStream pipe, int descriptor, ReadWatch watch) {
        this.pipe = pipe;
        this.descriptor = descriptor;
        this.watch = watch;
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

    @Override
    public int available() throws IOException {
        reading.lock();
        try {
            return closed ? 0 : source.available();
        } finally {
            reading.unlock();
            closeIfAsked();
        }
    }

    @Override
    public boolean onReadable(Runnable reader, Executor executor) {
        waiting.set(new Waiting(reader, executor));
        quiet.countDown();
        reading.lock();
        try {
            if (!closed && source == pipe) {
                watch.await(descriptor, watched, this::wake);
                watched = true;
                return true;
            }
        } catch (IOException exhausted) {
            LOG.log(Level.FINE, "a thread has to wait at a pipe", exhausted);
            return waiting.getAndSet(null) == null;
        } finally {
            reading.unlock();
            closeIfAsked();
        }
        wake();
        return true;
    }

    private void wake() {
        CountDownLatch busy = new CountDownLatch(1);
        quiet = busy; // before it is taken: whoever finds nobody waiting sees that somebody reads
        Waiting due = waiting.getAndSet(null);
        if (due == null) {
            busy.countDown();
            return;
        }
        try {
            due.executor().execute(due.reader());
        } catch (RuntimeException | OutOfMemoryError noThread) {
            LOG.log(Level.FINE, "there is no thread to read a pipe with", noThread);
            due.reader().run();
        }
    }

    /**
     * Has it read in this thread; to be called when a read returns at once.
     *
     * @return false when nobody waited
     */
    private boolean readHere() {
        Waiting due = waiting.getAndSet(null);
        if (due != null) {
            due.reader().run();
        }
        return due != null;
    }

    /** What is there is passed on in this thread, if somebody waits for it; or that is being done, and is waited for a moment. */
    void passOn() {
        if (isAnythingThere() && readHere()) {
            return;
        }
        try {
            if (!quiet.await(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.fine("what a process said last is passed on after its end");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isAnythingThere() {
        if (!reading.tryLock()) {
            return false;
        }
        try {
            return !closed && source.available() > 0;
        } catch (IOException broken) {
            return false;
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
                    closePipe();
                }
            } catch (IOException broken) {
                LOG.log(Level.FINE, "what a process said last cannot be read", broken);
            } finally {
                reading.unlock();
                closeIfAsked();
            }
            readHere();
        }
    }

    private void closePipe() throws IOException {
        if (watched) {
            watched = false;
            watch.forget(descriptor);
        }
        pipe.close();
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
                closePipe();
            } catch (IOException broken) {
                LOG.log(Level.FINE, "the pipe was broken", broken);
            } finally {
                reading.unlock();
            }
            quiet.countDown();
            readHere();
        }
    }
}
