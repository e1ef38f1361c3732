package org.mcpservermanager.gateway;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mcpservermanager.protocol.JsonText;

/** Records what an HTTP client would see. */
final class FakeReply implements Reply {
    Answer answer;
    FakeSink sink;
    private Map<String, String> streamHeaders = Map.of();

    /** An event as the client sees it. */
    record Seen(String id, String data) {}

    static final class FakeSink implements Sink {
        final List<Seen> events = new ArrayList<>();
        final List<String> announced = new ArrayList<>();
        private final List<Runnable> listeners = new ArrayList<>();
        boolean open = true;
        int touched;

        boolean behind;

        @Override
        public boolean isBehind() {
            return behind;
        }

        @Override
        public boolean send(String id, byte[] message) {
            if (open) {
                events.add(new Seen(id, new String(message, StandardCharsets.UTF_8)));
            }
            return open;
        }

        @Override
        public void announce(String event, String id, String data) {
            if (open) {
                announced.add(event + " " + id + " " + data);
            }
        }

        @Override
        public void end() {
            disconnect();
        }

        @Override
        public void open() {
            // nothing a client could see
        }

        @Override
        public void touch() {
            touched++;
        }

        @Override
        public void onClose(Runnable listener) {
            if (open) {
                listeners.add(listener);
            } else {
                listener.run();
            }
        }

        void disconnect() {
            if (open) {
                open = false;
                List.copyOf(listeners).forEach(Runnable::run);
            }
        }

        List<String> data() {
            return events.stream().map(Seen::data).toList();
        }
    }

    @Override
    public void answer(Answer whole) {
        requireUndecided();
        answer = whole;
    }

    @Override
    public Sink stream(Map<String, String> headers) {
        requireUndecided();
        streamHeaders = headers;
        sink = new FakeSink();
        return sink;
    }

    private void requireUndecided() {
        if (answer != null || sink != null) {
            throw new IllegalStateException("answered twice");
        }
    }

    int status() {
        return answer.status();
    }

    String text() {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** The result, or else the error, as JSON. */
    String outcome() {
        String result = JsonText.member(text(), "result");
        return result.isEmpty() ? JsonText.member(text(), "error") : result;
    }

    String header(String name) {
        return (answer == null ? streamHeaders : answer.headers()).getOrDefault(name, "");
    }
}
