package org.mcpservermanager.gateway;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.mcpservermanager.protocol.Message;

/**
 * The answer to one POST: JSON when the first thing to say is the (last) response, an event stream as soon as something else
 * comes first. Guarded by this; a whole answer is written without it.
 */
final class Outlet {
    private static final Reply UNUSED = new Reply() {
        @Override
        public void answer(Answer answer) {
            throw new IllegalStateException("answered apart from the stream: " + answer);
        }

        @Override
        public Sink stream(Map<String, String> headers) {
            throw new IllegalStateException("the stream is open already");
        }
    };

    private final EventLog log;
    private final Reply reply;
    private final Form form;
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream(0);
    private final boolean ownChannel;
    private final String request;
    private int due;
    private EventLog.Channel channel;

    /**
     * What the answer may look like.
     *
     * @param prime whether the client understands an event without data
     */
    record Form(boolean json, boolean events, boolean prime, Map<String, String> headers) {}

    /** @param request the raw id of the request it answers */
    Outlet(EventLog log, Reply reply, Form form, String request) {
        this(log, reply, form, request, 0);
    }

    /** @param batched responses of a batch */
    Outlet(EventLog log, Reply reply, Form form, int batched) {
        this(log, reply, form, "", batched);
    }

    private Outlet(EventLog log, Reply reply, Form form, String request, int batched) {
        this.log = log;
        this.reply = reply;
        this.form = form;
        this.ownChannel = true;
        this.request = request;
        this.due = Math.max(1, batched);
        if (batched > 0) {
            batch.write('[');
        }
    }

    private Outlet(EventLog log) {
        this.log = log;
        this.reply = UNUSED;
        this.form = new Form(false, true, false, Map.of());
        this.ownChannel = false;
        this.request = "";
        this.due = 1;
        this.channel = log.standalone();
    }

    /** For clients that are told everything by one stream. */
    static Outlet intoStandalone(EventLog log) {
        return new Outlet(log);
    }

    /** Something that is not the response; false when the client takes no event streams, or the response went out already. */
    synchronized boolean push(Message message) {
        if (!form.events() || due == 0) {
            return false;
        }
        opened().send(message.bytes());
        return true;
    }

    /** Whether it would help the client to have the stream before there is something to say. */
    boolean isPrimable() {
        return form.events() && form.prime();
    }

    /** Opens the stream unless there was something to say already. */
    synchronized void prime() {
        if (isWaiting()) {
            opened();
        }
    }

    synchronized boolean isWaiting() {
        return due > 0 && channel == null;
    }

    void respond(Message response) {
        byte[] whole;
        synchronized (this) {
            if (due == 0) {
                return;
            }
            due--;
            if (channel != null || !form.json()) {
                opened().send(response.bytes());
                if (due == 0 && ownChannel) {
                    channel.end();
                }
                return;
            }
            whole = collected(response.bytes());
        }
        if (whole.length > 0) {
            reply.answer(Answer.json(whole, form.headers()));
        }
    }

    /** Guarded by this. The whole JSON answer; empty while responses of a batch are due. */
    private byte[] collected(byte[] response) {
        if (batch.size() == 0) {
            return response;
        }
        if (batch.size() > 1) {
            batch.write(',');
        }
        batch.writeBytes(response);
        if (due > 0) {
            return new byte[0];
        }
        batch.write(']');
        return batch.toByteArray();
    }

    /** Guarded by this. Responses of a batch that came before go first, as the one event they are. */
    private EventLog.Channel opened() {
        if (channel == null) {
            channel = log.channel(request);
            channel.connect(reply.stream(form.headers()));
            if (form.prime()) {
                channel.prime();
            }
            if (batch.size() > 1) {
                batch.write(']');
                channel.send(batch.toByteArray());
            }
        }
        return channel;
    }
}
