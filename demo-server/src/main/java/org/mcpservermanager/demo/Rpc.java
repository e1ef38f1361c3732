package org.mcpservermanager.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** JSON-RPC over two streams: requests in both directions, concurrent calls, cancellation, batches where the revision has them. */
final class Rpc {
    static final int MESSAGE_MAX = 16 << 20;
    private static final int CALLS_MAX = 64;
    private static final int WAITING_MAX = 1024;
    private final Lines in;
    private final OutputStream out;
    private final Consumer<String> log;
    private final Map<Json, Call> open = new ConcurrentHashMap<>();
    private final Map<Json, CompletableFuture<Json.Obj>> asked = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicLong lastThread = new AtomicLong();
    private final ThreadPoolExecutor pool = new ThreadPoolExecutor(
            CALLS_MAX, CALLS_MAX, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), this::thread);

    /** What is served. */
    interface Service {
        Json.Obj answer(Call call) throws RpcError;

        void onNotification(String method, Json.Obj params);

        /** True: the call may wait, so the reader must not make it itself. */
        boolean mayWait(Call call);

        boolean takesBatches();
    }

    Rpc(InputStream in, OutputStream out, Consumer<String> log) {
        this.in = new Lines(in, MESSAGE_MAX);
        this.out = out;
        this.log = log;
        pool.allowCoreThreadTimeOut(true);
    }

    /** Serves until the end of input; calls that are still open then are cancelled. */
    void serve(Service service) throws IOException {
        try {
            boolean more = true;
            while (more) {
                more = serveOne(service);
            }
        } finally {
            open.values().forEach(Call::cancel);
            pool.shutdown();
        }
    }

    private boolean serveOne(Service service) throws IOException {
        try {
            Optional<String> line = in.next();
            if (line.isPresent() && !line.get().isBlank()) {
                accept(service, parse(line.get()));
            }
            return line.isPresent();
        } catch (RpcError error) {
            send(response(Json.NULL).with("error", error.toJson()));
            return true;
        }
    }

    private static Json parse(String line) throws RpcError {
        try {
            return JsonReader.read(line);
        } catch (IllegalArgumentException e) {
            throw new RpcError(RpcError.PARSE_ERROR, e.getMessage());
        }
    }

    private void accept(Service service, Json message) throws RpcError {
        if (message instanceof Json.Obj one) {
            accept(service, one, answer -> answer.ifPresent(this::send));
        } else if (message instanceof Json.Arr several && !several.items().isEmpty() && service.takesBatches()) {
            Batch batch = new Batch(several.items().size(), this::send);
            for (Json item : several.items()) {
                accept(service, item instanceof Json.Obj one ? one : Json.object(), batch);
            }
        } else {
            throw new RpcError(RpcError.INVALID_REQUEST, "message: not one JSON object");
        }
    }

    private void accept(Service service, Json.Obj message, Consumer<Optional<Json.Obj>> sink) {
        String method = message.text("method");
        Json id = message.get("id");
        if (!method.isEmpty() && message.has("id")) {
            begin(service, new Call(this, id, method, message), sink);
            return;
        }
        if (!method.isEmpty()) {
            notified(service, method, message.object("params"));
        } else if (message.has("result") || message.has("error")) {
            Optional.ofNullable(asked.remove(id)).ifPresent(answer -> answer.complete(message));
        } else {
            RpcError error =
                    new RpcError(RpcError.INVALID_REQUEST, "message: neither request, notification nor response");
            sink.accept(Optional.of(response(isId(id) ? id : Json.NULL).with("error", error.toJson())));
            return;
        }
        sink.accept(Optional.empty());
    }

    private void notified(Service service, String method, Json.Obj params) {
        if (method.equals("notifications/cancelled")) {
            Optional.ofNullable(open.get(params.get("requestId"))).ifPresent(Call::cancel);
        } else {
            service.onNotification(method, params);
        }
    }

    private void begin(Service service, Call call, Consumer<Optional<Json.Obj>> sink) {
        String defect = defectOf(call);
        if (!defect.isEmpty()) {
            RpcError error = new RpcError(RpcError.INVALID_REQUEST, defect);
            sink.accept(Optional.of(
                    response(isId(call.id()) ? call.id() : Json.NULL).with("error", error.toJson())));
            return;
        }
        open.put(call.id(), call);
        if (!service.mayWait(call)) {
            finish(service, call, sink);
            return;
        }
        try {
            pool.execute(() -> finish(service, call, sink));
        } catch (RejectedExecutionException e) {
            open.remove(call.id());
            RpcError error = new RpcError(RpcError.BUSY, "busy: " + CALLS_MAX + " calls run, " + WAITING_MAX + " wait");
            sink.accept(Optional.of(response(call.id()).with("error", error.toJson())));
        }
    }

    private String defectOf(Call call) {
        if (!isId(call.id())) {
            return "id: neither a string nor an integer";
        }
        if (open.containsKey(call.id())) {
            return "id: " + Json.text(call.id()) + " is the id of a request that is not answered yet";
        }
        return call.isWellFormed() ? "" : "request: jsonrpc is not \"2.0\", or params is not an object";
    }

    private static boolean isId(Json id) {
        return id instanceof Json.Str || (id instanceof Json.Num number && number.isInteger());
    }

    private void finish(Service service, Call call, Consumer<Optional<Json.Obj>> sink) {
        Json.Obj answer = response(call.id());
        try {
            answer = answer.with("result", service.answer(call));
        } catch (RpcError error) {
            answer = answer.with("error", error.toJson());
        } catch (RuntimeException e) {
            log.accept(call.method() + " failed: " + e);
            answer = answer.with("error", new RpcError(RpcError.INTERNAL_ERROR, "internal error").toJson());
        }
        open.remove(call.id());
        // Nobody waits for the answer to a cancelled request: basic/utilities/cancellation of the specification.
        sink.accept(call.isCancelled() ? Optional.empty() : Optional.of(answer));
    }

    private static Json.Obj response(Json id) {
        return Json.object().with("jsonrpc", "2.0").with("id", id);
    }

    void tell(String method, Json.Obj params) {
        send(Json.object().with("jsonrpc", "2.0").with("method", method).with("params", params));
    }

    /** A request to the client; completes with the whole response. */
    Asked ask(String method, Json.Obj params) {
        Json.Str id = new Json.Str("demo-" + lastId.incrementAndGet());
        CompletableFuture<Json.Obj> answer = new CompletableFuture<>();
        asked.put(id, answer);
        send(response(id).with("method", method).with("params", params));
        return new Asked(id, answer);
    }

    record Asked(Json id, CompletableFuture<Json.Obj> answer) {}

    void forget(Asked question) {
        asked.remove(question.id());
    }

    /** One message is one line; the lock is what keeps lines whole. */
    private void send(Json message) {
        byte[] line = (Json.text(message) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (out) {
                out.write(line);
                out.flush();
            }
        } catch (IOException e) {
            log.accept("client is gone: " + e.getMessage());
        }
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "demo-call-" + lastThread.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
