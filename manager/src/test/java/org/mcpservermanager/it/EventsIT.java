package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.fixture.EchoServer;
import org.mcpservermanager.fixture.Launching;

/** The event stream that operators listen to. */
@OnServer
class EventsIT {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static ManagerUnderTest manager;
    private static Api api;
    private final java.util.Deque<Listener> listeners = new java.util.ArrayDeque<>();

    /** One stream; its frames in order. */
    private static final class Listener {
        private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        private final Stream<String> lines;

        private Listener(HttpResponse<Stream<String>> answer) {
            lines = answer.body();
            Thread reader = new Thread(this::read, "events");
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            String[] part = {"", ""};
            try {
                lines.forEach(line -> {
                    if (line.startsWith("event: ")) {
                        part[0] = line.substring(7);
                    } else if (line.startsWith("id: ")) {
                        part[1] = line.substring(4);
                    } else if (line.startsWith("data: ")) {
                        frames.add(new Frame(part[0], part[1], McpClient.parse(line.substring(6))));
                    } else if (line.startsWith(": ")) {
                        frames.add(new Frame("comment", "", JsonObject.EMPTY_JSON_OBJECT));
                    }
                });
            } catch (java.io.UncheckedIOException e) {
                // the stream was closed by the test's end
            }
        }

        /** The next frame that is no comment. */
        Frame next() throws InterruptedException {
            Frame frame = await();
            while (frame.type().equals("comment")) {
                frame = await();
            }
            return frame;
        }

        Frame await() throws InterruptedException {
            Frame frame = frames.poll(40, TimeUnit.SECONDS);
            if (frame == null) {
                throw new AssertionError("no event within 40 s");
            }
            return frame;
        }
    }

    private record Frame(String type, String id, JsonObject data) {
        String phase() {
            return data.getString("to", "");
        }
    }

    @BeforeAll
    static void addFixture() {
        manager = ManagerUnderTest.get();
        api = Api.of(manager);
        api.run("ev-echo", Launching.command(EchoServer.class));
    }

    @AfterAll
    static void removeFixture() {
        api.remove("ev-echo");
    }

    @AfterEach
    void hangUp() {
        listeners.forEach(listener -> listener.lines.close());
    }

    private Listener listen(String query, String lastId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(manager.baseUri().resolve("/api/mcp/events?" + query))
                .header("Authorization", "Bearer " + manager.adminKey());
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        HttpResponse<Stream<String>> answer = HTTP.send(request.build(), BodyHandlers.ofLines());
        assertEquals(200, answer.statusCode());
        assertEquals(
                "text/event-stream",
                answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", ""));
        Listener listener = new Listener(answer);
        listeners.add(listener);
        return listener;
    }

    private static void operate(String verb) {
        Api.expect(200, api.post("/api/mcp/servers/ev-echo/" + verb, ""));
    }

    @Test
    void tellsWhatHappensInItsOrder() throws Exception {
        Listener listener = listen("server=ev-echo", "");
        listener.await(); // the first comment: we are subscribed

        operate("restart");
        List<String> phases = List.of("stopping", "stopped", "starting", "running");
        java.util.ArrayList<String> seen = new java.util.ArrayList<>();
        boolean exited = false;
        while (!seen.contains("running")) {
            Frame frame = listener.next();
            assertEquals("ev-echo", frame.data().getString("serverId"));
            exited |= frame.data().containsKey("expected") && frame.data().getBoolean("expected");
            if (!frame.phase().isEmpty() && frame.data().containsKey("restartCount")) {
                seen.add(frame.phase());
            }
        }
        assertEquals(
                phases.stream().filter(seen::contains).toList(),
                seen.stream().distinct().toList());
        assertTrue(seen.containsAll(List.of("stopping", "starting", "running")), seen.toString());
        assertTrue(exited, "the end of the process was told");
    }

    @Test
    void tellsTheErrorOutput() throws Exception {
        Listener listener = listen("server=ev-echo&types=server:stderr", "");
        listener.await();
        try (McpClient client = api.client("ev-echo")) {
            client.open();
            for (int i = 0; i < 20; i++) {
                client.tool("stderr", "{\"text\":\"line " + i + "\"}");
            }
        }
        for (int i = 0; i < 20; i++) {
            assertEquals("line " + i, listener.next().data().getString("data"));
        }
    }

    @Test
    void tellsWhoComesBackWhatItMissed() throws Exception {
        Listener first = listen("server=ev-echo", "");
        first.await();
        operate("stop");
        Frame seen = first.next();
        while (!seen.phase().equals("stopped")) {
            seen = first.next();
        }
        first.lines.close();

        operate("start");
        Listener second = listen("server=ev-echo", seen.id());

        Frame missed = second.next();
        assertEquals("starting", missed.phase());
        while (!missed.phase().equals("running")) {
            missed = second.next();
        }
    }

    @Test
    void tellsOfAGapWhenTheLastIdIsOfAnotherRun() throws Exception {
        assertEquals("gap", listen("server=ev-echo", "othertimes-7").next().type());
    }

    @Test
    void beatsWhenNothingHappens() throws Exception {
        Listener listener = listen("server=nobody", "");
        assertEquals("comment", listener.await().type());
        assertEquals("comment", listener.await().type());
    }
}
