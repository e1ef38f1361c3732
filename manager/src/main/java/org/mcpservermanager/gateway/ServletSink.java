package org.mcpservermanager.gateway;

import org.mcpservermanager.stream.EventStream;

/** A sink over a real connection. */
record ServletSink(EventStream stream) implements Sink {
    private static final long RETRY_MILLIS = 1_000;

    @Override
    public boolean send(String id, byte[] message) {
        return stream.send(id, message);
    }

    @Override
    public void prime(String id) {
        stream.prime(id, RETRY_MILLIS);
    }

    @Override
    public boolean isBehind() {
        return stream.isBehind();
    }

    @Override
    public void announce(String event, String id, String data) {
        stream.send(event, id, data);
    }

    @Override
    public void end() {
        stream.end();
    }

    @Override
    public void open() {
        stream.comment("open");
    }

    @Override
    public void touch() {
        stream.beat();
    }

    @Override
    public void onClose(Runnable listener) {
        stream.onClose(listener);
    }
}
