package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.protocol.Batch;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/**
 * A line per message over the pipes of a child process. The thread that reads ends when every process that holds the child's
 * output is gone, which {@link Child#stop} sees to; what is to be written takes a thread while there is some.
 */
public final class StdioLink implements Link {
    public static final int LINE_LENGTH_MAX = 16 << 20;
    private static final int READ_MIN = 4 << 10;
    private static final int READ_MAX = 32 << 10;
    private static final int NOISE_PER_SECOND = 100;
    private static final int EXCERPT_MAX = 1000;
    private static final System.Logger LOG = System.getLogger(StdioLink.class.getName());

    private final String name;
    private final InputStream in;
    private final int lineLengthMax;
    private final Outbox outbox;
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean closed;

    StdioLink(ServerId server, InputStream in, OutputStream out, int lineLengthMax) {
        this.name = "mcp-" + server;
        this.in = Objects.requireNonNull(in, "in");
        this.lineLengthMax = lineLengthMax;
        this.outbox = new Outbox(name + "-in", out);
    }

    public static StdioLink over(ServerId server, Child child) {
        return over(server, child.stdout(), child.stdin());
    }

    /** {@code in} is what the server writes, {@code out} what it reads. */
    public static StdioLink over(ServerId server, InputStream in, OutputStream out) {
        return new StdioLink(server, in, out, LINE_LENGTH_MAX);
    }

    @Override
    public void open(Receiver receiver) {
        Objects.requireNonNull(receiver, "receiver");
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the link to " + name + " was opened or closed before");
        }
        outbox.start();
        Threads.run(name + "-out", () -> read(receiver));
    }

    @Override
    public boolean send(Message message) {
        return outbox.offer(message.bytes());
    }

    /**
     * Queued messages still leave, then the server sees the end of its input. Its output is drained unseen; the receiver hears
     * nothing more but {@code onClosed}, when the output ends.
     */
    @Override
    public void close() {
        closed = true;
        outbox.close();
        if (started.compareAndSet(false, true)) {
            outbox.start();
        }
    }

    private void read(Receiver receiver) {
        String reason = "the server ended its output";
        Lines lines = new Lines(receiver);
        try {
            LineFramer framer = new LineFramer(lineLengthMax, lines);
            byte[] buffer = new byte[READ_MIN];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                framer.feed(buffer, n);
                lines.noise.slowDown(n, framer.isSkipping());
                if (n == buffer.length && n < READ_MAX) {
                    buffer = new byte[2 * n];
                }
            }
        } catch (IOException e) {
            // destroying a process closes its pipes under the reader: an end like any other
            reason = "Stream closed".equals(e.getMessage())
                    ? reason
                    : "the server's output cannot be read: " + e.getMessage();
        } finally {
            boolean ours = closed;
            if (!ours) {
                lines.noise.passHeld();
            }
            close();
            String told = ours ? "the link was closed" : reason;
            guarded(() -> receiver.onClosed(told));
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            // a receiver that fails on one message must not end the conversation of all others
            LOG.log(System.Logger.Level.ERROR, name + ": the receiver failed", e);
        }
    }

    /** On the reader's thread. */
    private final class Lines implements LineFramer.Sink {
        private final Receiver receiver;
        private final LineLimit noise = new LineLimit(NOISE_PER_SECOND, this::tellNoise);
        private long told; // the number of the last line of noise that was told

        Lines(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void line(byte[] line) {
            if (closed) {
                return;
            }
            int first = firstByte(line);
            if (first == '{') {
                // messages go on when a server that printed too much on its output has fallen silent there
                noise.passHeldInTime();
                message(line);
            } else if (first == '[') {
                batch(line);
            } else if (first != 0) {
                noise.add(excerpt(line));
            }
        }

        @Override
        public void longLine(byte[] head, byte[] tail, long length) {
            if (closed) {
                return;
            }
            LongLine cut = new LongLine(head, tail, length, lineLengthMax);
            noise.add(cut.describe() + ": " + excerpt(head));
            cut.answer().ifPresent(answer -> guarded(() -> receiver.onMessage(answer)));
        }

        private void message(byte[] line) {
            Message message;
            try {
                message = Message.parse(line);
            } catch (MalformedMessage e) {
                noise.add(e.getMessage() + ": " + excerpt(line));
                return;
            }
            guarded(() -> receiver.onMessage(message));
        }

        private void batch(byte[] line) {
            try {
                Batch.split(line).forEach(this::message);
            } catch (MalformedMessage e) {
                // a log line may well begin with a bracket
                noise.add(excerpt(line));
            }
        }

        private void tellNoise(long number, String excerpt) {
            long refused = number - told - 1;
            told = number;
            if (refused > 0) {
                guarded(() -> receiver.onNoise("(" + refused + " lines before this one are not shown)"));
            }
            guarded(() -> receiver.onNoise(excerpt));
        }

        private static String excerpt(byte[] line) {
            return Text.oneLine(new String(line, 0, Math.min(line.length, EXCERPT_MAX * 4), UTF_8), EXCERPT_MAX);
        }

        private static int firstByte(byte[] line) {
            for (byte c : line) {
                if (c != ' ' && c != '\t' && c != '\r') {
                    return c == 0 ? 1 : c;
                }
            }
            return 0;
        }
    }
}
