package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.process.Readiness;
import org.mcpservermanager.server.ServerId;

/**
 * Drains a server's error output, so that the server does not block on it, and passes lines on, at most so many per second; one
 * that prints more is read at 1 MB per second. It takes a thread while there is something to read, or, where nobody tells that,
 * until every process that holds the stream is gone.
 */
public final class OutputReader {
    public static final int LINE_LENGTH_MAX = 16 << 10;
    public static final int LINES_PER_SECOND = 500;
    private static final int READ_BUFFER = 8 << 10;
    private static final System.Logger LOG = System.getLogger(OutputReader.class.getName());

    private final String name;
    private final InputStream in;
    private final LineSink sink;
    private final Allowance allowance = new Allowance(LINES_PER_SECOND);
    private final LineFramer framer = new LineFramer(LINE_LENGTH_MAX, new Lines());
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long sequence;

    private OutputReader(String name, InputStream in, LineSink sink) {
        this.name = name;
        this.in = in;
        this.sink = sink;
    }

    /** Starts reading; completes when the stream has ended and its last line was passed on. */
    public static CompletableFuture<Void> start(ServerId server, InputStream errorOutput, LineSink sink) {
        OutputReader reader = new OutputReader("mcp-" + server + "-err", errorOutput, sink);
        reader.await();
        return reader.ended;
    }

    private void await() {
        if (!(in instanceof Readiness quiet && quiet.onReadable(this::readSome, Threads::run))) {
            Threads.start(name, this::readAll);
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
                allowance.slowDown(n, framer.isSkipping());
            } while (waiting || in.available() > 0);
            return true;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> name + ": cannot read: " + e.getMessage());
            return false;
        }
    }

    private void end() {
        byte[] lastWords = framer.rest();
        if (lastWords.length > 0) {
            pass(new String(lastWords, UTF_8));
        }
        ended.complete(null);
    }

    private void pass(String line) {
        sequence++;
        if (!allowance.permit()) {
            return;
        }
        try {
            sink.onLine(sequence, line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, name + ": the receiver of lines failed", e);
        }
    }

    private final class Lines implements LineFramer.Sink {
        @Override
        public void line(byte[] line) {
            pass(new String(line, UTF_8));
        }

        @Override
        public void longLine(byte[] head, byte[] tail, long length) {
            pass(new String(head, UTF_8) + "… (" + length + " bytes)");
        }
    }
}
