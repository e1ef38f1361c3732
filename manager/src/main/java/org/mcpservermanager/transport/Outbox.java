package org.mcpservermanager.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be written to one server; a thread writes it while there is something. A server that does not read blocks that
 * thread for as long as its processes live (neither interrupt nor close frees a write to a full pipe), and nobody else. What a pipe
 * takes even if nobody ever reads, which is enough to shake hands, is written by whoever sends it.
 */
final class Outbox {
    static final int MESSAGES_MAX = 256;
    static final int BYTES_MAX = 8 << 20;
    /** No pipe is smaller. */
    static final int PIPE_BYTES_MIN = 4 << 10;

    private static final int BATCH_MAX = 64 << 10;
    private static final int BATCH_MIN = 4 << 10;
    private static final System.Logger LOG = System.getLogger(Outbox.class.getName());

    private enum Taken {
        LINES,
        NOTHING,
        END
    }

    private final String name;
    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();

    /** These are guarded by lock. */
    private Deque<byte[]> waiting = new ArrayDeque<>();

    private int messages;
    private long bytes;
    private long written; // bytes, line ends included
    private boolean started;
    private boolean writing;
    private boolean closed;

    /** These are the writer's. */
    private Deque<byte[]> leaving = new ArrayDeque<>();

    private byte[] batch = new byte[BATCH_MIN];

    Outbox(String name, OutputStream out) {
        this.name = name;
        this.out = out;
    }

    /** What was offered before leaves now. */
    void start() {
        lock.lock();
        try {
            started = true;
            if (closed || !waiting.isEmpty()) {
                writeOn();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Needs the lock; whoever writes waits for it first. */
    private void writeOn() {
        if (started && !writing) {
            Threads.run(this::write);
            writing = true;
        }
    }

    /** False when closed or full. What is being written counts until it is written. */
    boolean offer(byte[] line) {
        boolean isHere;
        lock.lock();
        try {
            // one message may be larger than the whole allowance, but then it is alone
            boolean full = messages >= MESSAGES_MAX || messages > 0 && bytes + line.length > BYTES_MAX;
            if (closed || full) {
                return false;
            }
            isHere = started && !writing && waiting.isEmpty() && written + line.length < PIPE_BYTES_MIN;
            if (isHere) {
                writing = true;
                leaving.add(line);
            } else {
                writeOn();
                waiting.add(line);
            }
            messages++;
            bytes += line.length;
        } finally {
            lock.unlock();
        }
        if (isHere) {
            writeHere();
        }
        return true;
    }

    private void writeHere() {
        boolean isWritten = false;
        try {
            writeTaken();
            isWritten = true;
        } catch (IOException e) {
            tell(e);
        } finally {
            if (!isWritten) {
                drop();
            }
        }
        lock.lock();
        try {
            writing = !isWritten; // nobody writes after the end
            if (closed || !waiting.isEmpty()) {
                writeOn();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The reader sees the end of the output and tells it; what is lost here is answered by nobody but the owner. */
    private void tell(IOException failure) {
        LOG.log(System.Logger.Level.DEBUG, () -> name + ": cannot write: " + failure.getMessage());
    }

    /** What was taken before is still written; then the stream is closed, by whoever writes, as closing waits for a blocked write. */
    void close() {
        boolean isIdle;
        lock.lock();
        try {
            closed = true;
            isIdle = started && !writing && waiting.isEmpty();
            if (isIdle) {
                writing = true; // for good: nobody writes after the end
            } else {
                writeOn();
            }
        } finally {
            lock.unlock();
        }
        if (isIdle) {
            write();
        }
    }

    private void write() {
        boolean isDone = false;
        try {
            Taken taken = take();
            while (taken == Taken.LINES) {
                writeTaken();
                taken = take();
            }
            if (taken == Taken.END) {
                out.close();
            }
            isDone = true;
        } catch (IOException e) {
            tell(e);
        } finally {
            if (!isDone) {
                drop();
            }
        }
    }

    private Taken take() {
        lock.lock();
        try {
            Deque<byte[]> taken = waiting;
            waiting = leaving;
            leaving = taken;
            if (!taken.isEmpty()) {
                return Taken.LINES;
            }
            writing = closed; // nobody writes after the end
            return closed ? Taken.END : Taken.NOTHING;
        } finally {
            lock.unlock();
        }
    }

    private void writeTaken() throws IOException {
        int count = leaving.size();
        long size = 0;
        int filled = 0;
        for (byte[] line = leaving.poll(); line != null; line = leaving.poll()) {
            size += line.length;
            if (filled + line.length + 1 > BATCH_MAX) {
                out.write(batch, 0, filled);
                filled = 0;
            }
            if (line.length + 1 > BATCH_MAX) {
                out.write(line);
                out.write('\n');
            } else {
                filled = append(line, filled);
            }
        }
        out.write(batch, 0, filled);
        out.flush();
        release(count, size);
    }

    private int append(byte[] line, int filled) {
        int needed = filled + line.length + 1;
        if (needed > batch.length) {
            batch = Arrays.copyOf(batch, Math.min(BATCH_MAX, Math.max(needed, batch.length * 2)));
        }
        System.arraycopy(line, 0, batch, filled, line.length);
        batch[needed - 1] = '\n';
        return needed;
    }

    private void release(int count, long size) {
        lock.lock();
        try {
            messages -= count;
            bytes -= size;
            written += size + count;
        } finally {
            lock.unlock();
        }
    }

    private void drop() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
        } finally {
            lock.unlock();
        }
        try {
            out.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> name + ": cannot be closed: " + e.getMessage());
        }
    }
}
