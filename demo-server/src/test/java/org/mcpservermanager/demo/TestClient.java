package org.mcpservermanager.demo;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The client's side: sends lines, and finds the messages that came back, in any order. */
final class TestClient implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private final OutputStream out;
    private final BlockingQueue<Json.Obj> arrived = new LinkedBlockingQueue<>();
    private final List<Json.Obj> seen = new ArrayList<>();
    private final Thread reader;
    private int lastId;

    TestClient(InputStream in, OutputStream out) {
        this.out = out;
        reader = new Thread(() -> read(in), "test-client");
        reader.setDaemon(true);
        reader.start();
    }

    /** A server in this JVM that ticks every 20 ms while subscribed to. */
    static TestClient inProcess() throws IOException {
        PipedOutputStream toServer = new PipedOutputStream();
        PipedInputStream serverIn = new PipedInputStream(toServer, 1 << 20);
        PipedOutputStream serverOut = new PipedOutputStream();
        PipedInputStream fromServer = new PipedInputStream(serverOut, 1 << 20);
        PrintStream err = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Thread server = new Thread(() -> serve(serverIn, serverOut, err), "test-server");
        server.setDaemon(true);
        server.start();
        return new TestClient(fromServer, toServer);
    }

    private static void serve(InputStream in, OutputStream out, PrintStream err) {
        try (out) {
            DemoServer.serve(in, out, err, Duration.ofMillis(20));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(InputStream in) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Json message = JsonReader.read(line);
                arrived.add(
                        message instanceof Json.Obj one ? one : Json.object().with("batch", message));
            }
            arrived.add(Json.object().with("end", Json.TRUE));
        } catch (IOException e) {
            arrived.add(Json.object().with("end", e.toString()));
        }
    }

    TestClient initialize(String revision, String capabilities) throws Exception {
        Json.Obj result = result(
                "initialize",
                "{\"protocolVersion\":\"" + revision + "\",\"capabilities\":" + capabilities
                        + ",\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}");
        if (result.text("protocolVersion").isEmpty()) {
            throw new AssertionError(result);
        }
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return this;
    }

    void send(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** @return the id */
    int request(String method, String params) throws IOException {
        int id = ++lastId;
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}");
        return id;
    }

    Json.Obj result(String method, String params) throws Exception {
        Json.Obj answer = answer(request(method, params));
        if (!answer.has("result")) {
            throw new AssertionError(method + " " + params + " -> " + Json.text(answer));
        }
        return answer.object("result");
    }

    Json.Obj tool(String name, String arguments) throws Exception {
        return result("tools/call", "{\"name\":\"" + name + "\",\"arguments\":" + arguments + "}");
    }

    String errorCode(String method, String params) throws Exception {
        return Json.text(answer(request(method, params)).object("error").get("code"));
    }

    Json.Obj answer(int id) throws Exception {
        return await(m -> !m.has("method") && Json.text(m.get("id")).equals(Integer.toString(id)));
    }

    Json.Obj method(String method) throws Exception {
        return await(m -> m.text("method").equals(method));
    }

    Json.Obj await(Predicate<Json.Obj> wanted) throws Exception {
        for (Json.Obj message : seen) {
            if (wanted.test(message)) {
                seen.remove(message);
                return message;
            }
        }
        long deadline = System.nanoTime() + WITHIN.toNanos();
        while (true) {
            Json.Obj message = arrived.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new AssertionError("did not come; what came instead: " + seen);
            }
            if (wanted.test(message)) {
                return message;
            }
            seen.add(message);
        }
    }

    /** What came and was not asked for yet. */
    List<Json.Obj> rest() {
        arrived.drainTo(seen);
        return seen;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    static String textOf(Json.Obj toolResult) {
        return toolResult.get("content") instanceof Json.Arr blocks
                        && blocks.items().get(0) instanceof Json.Obj block
                ? block.text("text")
                : "";
    }
}
