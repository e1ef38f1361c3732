package org.mcpservermanager.demo;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request that is being answered: it can report progress, ask the client, and notice that nobody waits any more. */
final class Call {
    private static final Duration ANSWER_WITHIN = Duration.ofMinutes(5);
    private final Rpc rpc;
    private final Json id;
    private final String method;
    private final Json.Obj message;
    private final CompletableFuture<Json.Obj> cancelled = new CompletableFuture<>();

    Call(Rpc rpc, Json id, String method, Json.Obj message) {
        this.rpc = rpc;
        this.id = id;
        this.method = method;
        this.message = message;
    }

    Json id() {
        return id;
    }

    String method() {
        return method;
    }

    Json.Obj params() {
        return message.object("params");
    }

    boolean isWellFormed() {
        boolean paramsFit = !message.has("params") || message.get("params") instanceof Json.Obj;
        return paramsFit && message.text("jsonrpc").equals("2.0");
    }

    void cancel() {
        cancelled.complete(Json.object());
    }

    boolean isCancelled() {
        return cancelled.isDone();
    }

    /** @return false when the call was cancelled meanwhile */
    boolean pause(Duration duration) {
        if (duration.isZero()) {
            return !isCancelled();
        }
        try {
            await(cancelled, duration);
            return false;
        } catch (TimeoutException e) {
            return true;
        }
    }

    /** Does nothing unless the client sent a progress token. */
    void progress(long done, long total, String text) {
        Json token = params().object("_meta").get("progressToken");
        if (token != Json.NULL) {
            rpc.tell(
                    "notifications/progress",
                    Json.object()
                            .with("progressToken", token)
                            .with("progress", done)
                            .with("total", total)
                            .with("message", text));
        }
    }

    /** @return the result the client gave; empty when the call was cancelled meanwhile */
    Json.Obj ask(String question, Json.Obj params) throws Refused {
        Rpc.Asked asked = rpc.ask(question, params);
        try {
            Json.Obj answer = await(
                    CompletableFuture.anyOf(asked.answer(), cancelled).thenApply(Json.Obj.class::cast), ANSWER_WITHIN);
            if (isCancelled()) {
                withdraw(asked, "the call it belongs to was cancelled");
            }
            if (answer.has("error")) {
                throw new Refused(
                        question + " was refused: " + answer.object("error").text("message"));
            }
            return answer.object("result");
        } catch (TimeoutException e) {
            withdraw(asked, "no answer");
            throw new Refused(question + ": no answer within " + ANSWER_WITHIN.toMinutes() + " minutes");
        } finally {
            rpc.forget(asked);
        }
    }

    private void withdraw(Rpc.Asked asked, String reason) {
        rpc.tell(
                "notifications/cancelled",
                Json.object().with("requestId", asked.id()).with("reason", reason));
    }

    private static Json.Obj await(CompletableFuture<Json.Obj> future, Duration within) throws TimeoutException {
        try {
            return future.get(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The client did not answer a question. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }
}
