package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;

/** A link without bytes: keeps what is sent, lets a script answer in the sender's thread, and takes messages from the test. */
public final class ScriptedLink implements Link {
    private final List<Message> sent = new CopyOnWriteArrayList<>();
    private volatile Consumer<Message> script = message -> {};
    private volatile boolean full;
    private volatile boolean closed;
    private Receiver receiver;

    /** What the peer does with each message. */
    public ScriptedLink peer(Consumer<Message> answers) {
        script = answers;
        return this;
    }

    @Override
    public synchronized void open(Receiver r) {
        receiver = r;
    }

    @Override
    public boolean send(Message message) {
        if (closed || full) {
            return false;
        }
        sent.add(message);
        script.accept(message);
        return true;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            closedBy("the link was closed");
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** From now on nothing is taken, as from a server that does not read. */
    public void fill() {
        full = true;
    }

    public List<Message> sent() {
        return sent;
    }

    public Message lastSent() {
        return sent.get(sent.size() - 1);
    }

    public synchronized void receive(Message message) {
        if (!closed) {
            receiver.onMessage(message);
        }
    }

    public void receive(String json) {
        try {
            receive(Message.parse(json.getBytes(UTF_8)));
        } catch (MalformedMessage e) {
            throw new AssertionError(json, e);
        }
    }

    /** The peer goes away. */
    public void hangUp() {
        closed = true;
        closedBy("the server ended its output");
    }

    private synchronized void closedBy(String reason) {
        if (receiver != null) {
            receiver.onClosed(reason);
        }
    }
}
