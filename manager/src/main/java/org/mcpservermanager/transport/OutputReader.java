package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.process.Readiness;
import org.mcpservermanager.server.ServerId;

/**
 * Drains a server's error output, so that the server does not block on it, and passes lines on, at most 500 and 1 MB per second; one
 * that prints more is read at 1 MB per second. It takes a thread while there is something to read, or, where nobody tells that,
 * until every process that holds the stream is gone. The last line is always passed on: at the end of the stream, or a second after
 * a server that printed too much.
 */
public final class OutputReader {
    /** In bytes; of a longer line that much is passed on, with a mark. */
    public static final int LINE_LENGTH_MAX = 64 << 10;

    public static final int LINES_PER_SECOND = 500;
    private static final int READ_BUFFER = 8 << 10;
    private static final System.Logger LOG = System.getLogger(OutputReader.class.getName());

    /** On the JDK's own timer: on a host that is out of threads it is there. */
    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run);

    private final String name;
    private final InputStream in;
    /** Guarded by itself, also while the sink is told: else the line held back could overtake the next one, or be overtaken. */
    private final LineLimit limit;

    private boolean isLate; // guarded by limit: what is held back is looked after
    private final LineFramer framer = new LineFramer(LINE_LENGTH_MAX, LINE_LENGTH_MAX, new Lines());
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private OutputReader(String name, InputStream in, LineSink sink) {
        this.name = name;
        this.in = in;
        this.limit = new LineLimit(LINES_PER_SECOND, guarded(name, sink));
    }

    /** Starts reading; completes when the stream has ended and its last line was passed on. */
    public static CompletableFuture<Void> start(ServerId server, InputStream errorOutput, LineSink sink) {
        OutputReader reader = new OutputReader("mcp-" + server + "-err", errorOutput, sink);
        reader.await();
        return reader.ended;
    }

    private void await() {
        if (!(in instanceof Readiness quiet && quiet.onReadable(this::readSome, Threads::run))) {
            Threads.run(name, this::readAll);
        }
    }

    private void readSome() {
        boolean isOpen = false;
        try {
            isOpen = read(false);
        } finally {
            goOn(isOpen);
        }
    }

    private void readAll() {
        try {
            read(true);
        } finally {
            goOn(false);
        }
    }

    private void goOn(boolean isOpen) {
        if (isOpen) {
            await();
        } else {
            end();
        }
    }

    /** @return false at the end */
    private boolean read(boolean waiting) {
        try {
            byte[] buffer = new byte[READ_BUFFER];
            do {
                int n = in.read(buffer);
                if (n < 0) {
                    return false;
                }
                framer.feed(buffer, n);
                limit.slowDown(n, framer.isSkipping());
            } while (waiting || in.available() > 0);
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> name + ": cannot read: " + e.getMessage());
            return false;
        }
    }

    private void end() {
        if (framer.isInLine()) {
            framer.feed(new byte[] {'\n'}, 1);
        }
        passHeld();
        ended.complete(null);
    }

    private void pass(String line, int bytes) {
        String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        synchronized (limit) {
            if (!limit.add(text, bytes) && !isLate) {
                isLate = passHeldLater();
            }
        }
    }

    private boolean passHeldLater() {
        try {
            LATER.execute(this::passHeld);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError timerless) {
            LOG.log(System.Logger.Level.DEBUG, () -> name + ": what is held back waits for the next line");
            return false;
        }
    }

    private void passHeld() {
        synchronized (limit) {
            isLate = false;
            limit.passHeld();
        }
    }

    private static LineSink guarded(String name, LineSink sink) {
        return (sequence, line) -> {
            try {
                sink.onLine(sequence, line);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, name + ": the receiver of lines failed", e);
            }
        };
    }

    private final class Lines implements LineFramer.Sink {
        @Override
        public void line(byte[] line) {
            pass(new String(line, UTF_8), line.length);
        }

        @Override
        public void longLine(byte[] head, byte[] tail, long length) {
            pass(new String(head, UTF_8) + "… (" + length + " bytes)", head.length);
        }
    }
}
