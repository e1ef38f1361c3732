package org.mcpservermanager.gateway;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/**
 * The event streams of one session and the events a client may ask for again. Its monitor guards the channels too and is held
 * while sending: sinks do not block, and events of a channel must leave in order.
 */
final class EventLog {
    private static final int ID_LENGTH_MAX = 100;
    private static final String REQUEST = "-?\\d{1,15}|\"[\\w.-]{1,40}\"";
    /** Request ids that fit into those of events. */
    private static final Pattern SHORT_REQUEST = Pattern.compile(REQUEST);

    private static final Pattern ID = Pattern.compile(
            "(?:(?<life>[^.~]*)\\.)?(?<channel>\\d{1,18})-(?<index>\\d{1,18})(?:~(?<request>" + REQUEST + "))?");
    private static final RpcError INTERRUPTED = RpcError.of(
            RpcError.INTERNAL_ERROR,
            "The manager was started anew while this request was under way; whether it was carried out is not known");
    private final String life;
    private final int eventsMax;
    private final int bytesMax;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final Map<Long, Channel> channels = new HashMap<>();
    private final Channel standalone;
    private int bytes;
    private long channelsMade;

    private record Entry(Channel channel, long index, byte[] message) {}

    EventLog(int eventsMax, int bytesMax) {
        this("", eventsMax, bytesMax);
    }

    /** @param life tells the events of a session that was resumed by another manager apart from those before; empty for the first */
    EventLog(String life, int eventsMax, int bytesMax) {
        this.life = life;
        this.eventsMax = eventsMax;
        this.bytesMax = bytesMax;
        this.standalone = channel("");
    }

    /** The stream of GET, for what belongs to no request. */
    Channel standalone() {
        return standalone;
    }

    /**
     * A stream for one POST.
     *
     * @param request the raw id of the one request it answers; empty for several
     */
    Channel channel(String request) {
        synchronized (this) {
            Channel made =
                    new Channel(channelsMade++, SHORT_REQUEST.matcher(request).matches() ? request : "");
            channels.put(made.number, made);
            return made;
        }
    }

    synchronized boolean hasOpenStream() {
        return channels.values().stream().anyMatch(channel -> channel.sink != null);
    }

    /** Goes on with the stream on which this event was sent; empty when it is not known (any more). */
    synchronized Optional<Resumption> resumption(String lastEventId) {
        Matcher id = ID.matcher(lastEventId);
        if (lastEventId.length() > ID_LENGTH_MAX || !id.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(id.group("channel"));
        if (!life.equals(Objects.requireNonNullElse(id.group("life"), ""))) {
            return life.isEmpty() ? Optional.empty() : Optional.of(afterLoss(number, id.group("request")));
        }
        long index = Long.parseLong(id.group("index"));
        return Optional.ofNullable(channels.get(number)).map(known -> new Resumption(known, index));
    }

    /**
     * What an earlier manager sent and kept is lost, its streams are over; the standalone one goes on, with what is new. Who waits
     * for an answer on one of the others is told that none will come.
     */
    private Resumption afterLoss(long number, String request) {
        if (number == standalone.number) {
            return new Resumption(standalone, standalone.delivered);
        }
        Channel lost = new Channel(-1, "");
        if (request != null) {
            lost.send(Message.error(request, INTERRUPTED).bytes());
        }
        lost.ended = true;
        return new Resumption(lost, 0);
    }

    record Resumption(Channel channel, long after) {
        /** Whether nothing is left to say: the stream is over, and everything on it came before. */
        boolean isOver() {
            return channel.isOverAfter(after);
        }

        void connect(Sink sink) {
            channel.connect(sink, after);
        }
    }

    void endAll() {
        List<Channel> all;
        synchronized (this) {
            all = List.copyOf(channels.values());
        }
        all.forEach(Channel::end);
    }

    private void keep(Entry entry) {
        entries.add(entry);
        entry.channel.kept++;
        bytes += entry.message.length;
        while (entries.size() > eventsMax || bytes > bytesMax) {
            Entry oldest = entries.remove();
            bytes -= oldest.message.length;
            oldest.channel.kept--;
            oldest.channel.forgetWhenUseless();
        }
    }

    /** One stream of messages, whatever connection carries it at the moment. */
    final class Channel {
        private final long number;
        private final String request;
        private long next = 1;
        private long delivered;
        private int kept;
        private boolean ended;
        private Sink sink;

        private Channel(long number, String request) {
            this.number = number;
            this.request = request;
        }

        void send(byte[] message) {
            synchronized (EventLog.this) {
                if (ended) {
                    return;
                }
                Entry entry = new Entry(this, next++, message);
                keep(entry);
                deliver(entry);
            }
        }

        /** For news that say the same each time: not while an equal message still waits for a connection. */
        void sendUnlessWaiting(byte[] message) {
            synchronized (EventLog.this) {
                boolean waiting = entries.stream()
                        .anyMatch(entry -> entry.channel == this
                                && entry.index > delivered
                                && Arrays.equals(entry.message, message));
                if (!waiting) {
                    send(message);
                }
            }
        }

        /** An event without data from which a client that loses the connection can resume. */
        void prime() {
            synchronized (EventLog.this) {
                if (sink != null) {
                    sink.prime(id(0));
                }
            }
        }

        boolean isConnected() {
            synchronized (EventLog.this) {
                return sink != null;
            }
        }

        /** Carries on over this connection, beginning with what was never delivered. */
        void connect(Sink connection) {
            synchronized (EventLog.this) {
                connect(connection, delivered);
            }
        }

        private void connect(Sink connection, long after) {
            synchronized (EventLog.this) {
                Sink old = sink;
                sink = connection;
                if (old != null) {
                    old.end();
                }
                for (Entry entry : entries) {
                    if (entry.channel == this && entry.index > after) {
                        deliver(entry);
                    }
                }
                if (ended) {
                    disconnect();
                }
            }
            connection.onClose(() -> lost(connection));
        }

        /** No message will follow; the kept ones can still be asked for. */
        void end() {
            synchronized (EventLog.this) {
                ended = true;
                disconnect();
                forgetWhenUseless();
            }
        }

        private boolean isOverAfter(long index) {
            synchronized (EventLog.this) {
                return ended && index >= next - 1;
            }
        }

        private void disconnect() {
            Sink last = sink;
            sink = null;
            if (last != null) {
                last.end();
            }
        }

        private void deliver(Entry entry) {
            if (sink != null && sink.send(id(entry.index), entry.message)) {
                delivered = Math.max(delivered, entry.index);
            }
        }

        private String id(long index) {
            return (life.isEmpty() ? "" : life + ".") + number + "-" + index + (request.isEmpty() ? "" : "~" + request);
        }

        private void lost(Sink connection) {
            synchronized (EventLog.this) {
                if (sink == connection) {
                    sink = null;
                }
            }
        }

        private void forgetWhenUseless() {
            if (ended && kept == 0) {
                channels.remove(number);
            }
        }
    }
}
