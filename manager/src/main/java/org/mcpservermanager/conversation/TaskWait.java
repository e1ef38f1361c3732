package org.mcpservermanager.conversation;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/**
 * A {@code tasks/result} of a legacy client, which is answered when the task is over: until then its modern server is asked again
 * and again how the task is, and what it asks is put to the client.
 */
final class TaskWait implements Call {
    private static final System.Logger LOG = System.getLogger(TaskWait.class.getName());
    private static final long POLL_MILLIS_MIN = 50;
    private static final long POLL_MILLIS_DEFAULT = 1_000;
    private static final long POLL_MILLIS_MAX = 5_000;

    private final LegacyTasks tasks;
    private final Terms terms;
    private final Exchange exchange;
    private final LegacyTask task;
    private final LegacyResults results;
    private final Set<String> asked =
            new HashSet<>(); // guarded by this; a server may list what was answered a while longer
    private Call current = Call.DONE; // guarded by this
    private Future<?> next = CompletableFuture.completedFuture(null); // guarded by this
    private Interview interview; // guarded by this; null when none is under way
    private boolean over; // guarded by this
    private int interviews; // guarded by this

    TaskWait(LegacyTasks tasks, Terms terms, Exchange exchange, LegacyTask task, LegacyResults results) {
        this.tasks = tasks;
        this.terms = terms;
        this.exchange = exchange;
        this.task = task;
        this.results = results;
    }

    Call begin() {
        poll();
        return this;
    }

    private synchronized boolean isOver() {
        over |= exchange.client().isGone() || task.isOutOfDate();
        return over;
    }

    private void poll() {
        if (isOver()) {
            return;
        }
        Call call = tasks.fresh(exchange, task, this::told);
        synchronized (this) {
            current = call;
        }
    }

    private void told(LegacyTask news) {
        if (isOver()) {
            return;
        }
        switch (news.status()) {
            case LegacyTask.COMPLETED -> {
                Message result = result(news.member("result"));
                finish(news.isOurs() ? result : results.translated(news.call(), result));
            }
            case LegacyTask.FAILED -> finish(failed(news.member("error")));
            case LegacyTask.CANCELLED -> finish(error("The task was cancelled"));
            case LegacyTask.INPUT_REQUIRED -> ask(open(news.member("inputRequests")));
            default -> later();
        }
    }

    private Message result(String raw) {
        return Message.result(exchange.request().id(), raw.startsWith("{") ? raw : "{}");
    }

    private Message error(String why) {
        return Message.error(exchange.request().id(), RpcError.of(RpcError.INTERNAL_ERROR, why));
    }

    private Message failed(String error) {
        if (!error.startsWith("{")) {
            return error("The task failed");
        }
        String message = JsonText.member(error, "message");
        String code = JsonText.member(error, "code");
        return Message.error(
                exchange.request().id(),
                new RpcError(
                        code.matches("-?[0-9]{1,9}") ? Integer.parseInt(code) : RpcError.INTERNAL_ERROR,
                        message.startsWith("\"") ? JsonText.unquote(message) : "",
                        JsonText.member(error, "data")));
    }

    private synchronized void later() {
        String told = task.member("pollIntervalMs");
        long millis = told.matches("[0-9]{1,9}") ? Long.parseLong(told) : POLL_MILLIS_DEFAULT;
        if (!over) {
            next = terms.timer()
                    .schedule(
                            this::poll,
                            Math.max(POLL_MILLIS_MIN, Math.min(millis, POLL_MILLIS_MAX)),
                            TimeUnit.MILLISECONDS);
        }
    }

    /** What was not put yet, as the client is to see it. */
    private synchronized Map<String, String> open(String requests) {
        Map<String, String> open = new LinkedHashMap<>();
        if (requests.startsWith("{")) {
            JsonText.members(requests).forEach((key, request) -> {
                if (asked.add(key)) {
                    open.put(key, related(request));
                }
            });
        }
        return open;
    }

    private String related(String request) {
        String params = JsonText.member(request, "params");
        return JsonText.with(request, "params", task.related(params.startsWith("{") ? params : "{}"));
    }

    private void ask(Map<String, String> requests) {
        if (requests.isEmpty()) {
            later();
            return;
        }
        Interview begun;
        int number;
        synchronized (this) {
            number = ++interviews;
        }
        try {
            begun = new Interview(exchange, "task-" + task.id() + "-" + number, requests);
        } catch (Interview.NotAskable e) {
            finish(error(e.getMessage()));
            return;
        }
        synchronized (this) {
            interview = begun;
        }
        begun.begin().whenComplete((answers, failure) -> {
            synchronized (this) {
                interview = null;
            }
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, "a question of a task was not answered", failure);
                finish(error("The client did not answer what the task asked"));
            } else if (!isOver()) {
                tasks.send(
                        exchange,
                        Method.TASKS_UPDATE,
                        task,
                        ",\"inputResponses\":" + JsonText.object(answers),
                        acknowledged -> poll());
            }
        });
    }

    private void finish(Message outcome) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        boolean isResult = outcome.kind() == Message.Kind.RESULT;
        exchange.complete(isResult ? Message.result(outcome.id(), task.related(outcome.result())) : outcome);
    }

    @Override
    public void cancel(String reason) {
        Call running;
        Interview unanswered;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            running = current;
            unanswered = interview;
            next.cancel(false);
        }
        running.cancel(reason);
        if (unanswered != null) {
            unanswered.withdraw(reason);
        }
    }
}
