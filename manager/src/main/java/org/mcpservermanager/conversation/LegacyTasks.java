package org.mcpservermanager.conversation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.Revision;
import org.mcpservermanager.protocol.RpcError;

/** Tasks of 2025-11-25 before a modern server that has the extension: who made which, and what they ask about them. */
final class LegacyTasks {
    static final int OF_CLIENT_MAX = 256;
    private static final int PAGE = 50;
    private static final long LIST_MILLIS_MAX = 2_000;

    private final Terms terms;
    private final Dispatch dispatch;
    private final LegacyResults results;
    private final TaskNews news;
    /** Clients that are gone take theirs with them; the tasks of each are guarded by their map, the eldest first. */
    private final Map<Client, Map<String, LegacyTask>> tasks = Collections.synchronizedMap(new WeakHashMap<>());

    LegacyTasks(Terms terms, Dispatch dispatch, Subscriptions subscriptions, LegacyResults results) {
        this.terms = terms;
        this.dispatch = dispatch;
        this.results = results;
        this.news = new TaskNews(terms, subscriptions, this);
    }

    /** Whether the client knows tasks as 2025-11-25 has them. */
    static boolean isKnownTo(Client client) {
        return Revision.of(client.profile().protocolVersion())
                .map(revision -> revision.isAtLeast(Revision.R2025_11_25))
                .orElse(false);
    }

    /** @param request the client's call, translated */
    Call create(Exchange exchange, Message request) {
        Created created = new Created(exchange);
        return new Rounds(created, request, terms, dispatch, created::translated).begin();
    }

    private final class Created implements ForwardingExchange {
        private final Exchange inner;
        private volatile LegacyTask task; // written before the outcome, by the same thread

        Created(Exchange inner) {
            this.inner = inner;
        }

        @Override
        public Exchange inner() {
            return inner;
        }

        Message translated(Message request, Message answer) {
            if (answer.kind() != Message.Kind.RESULT
                    || !LegacyResults.type(answer).equals(LegacyResults.TASK)) {
                return results.translated(request, answer);
            }
            task = new LegacyTask(request, answer.result());
            return Message.result(answer.id(), task.created());
        }

        /** An answer at once is a task too: the client asked for one. */
        @Override
        public void complete(Message outcome) {
            Message shown = outcome;
            if (task == null && outcome.kind() == Message.Kind.RESULT) {
                task = LegacyTask.done(inner.request(), outcome.result());
                shown = Message.result(outcome.id(), task.created());
            }
            if (task != null) {
                keep(inner.client(), task);
            }
            inner.complete(shown);
            if (task != null && !task.isOurs()) {
                news.add(inner.client(), task);
            }
        }
    }

    private void keep(Client client, LegacyTask task) {
        Map<String, LegacyTask> own = tasks.computeIfAbsent(client, any -> new LinkedHashMap<>());
        synchronized (own) {
            own.values().removeIf(LegacyTask::isOutOfDate);
            own.put(task.id(), task);
            if (own.size() > OF_CLIENT_MAX) {
                own.remove(own.keySet().iterator().next());
            }
        }
    }

    private List<LegacyTask> of(Client client) {
        Map<String, LegacyTask> own = tasks.getOrDefault(client, Map.of());
        synchronized (own) {
            return own.values().stream().filter(task -> !task.isOutOfDate()).toList();
        }
    }

    /** A request about one task. */
    Call about(Exchange exchange) {
        String id = exchange.request().param("taskId");
        Optional<LegacyTask> found = of(exchange.client()).stream()
                .filter(task -> task.id().equals(id))
                .findFirst();
        if (found.isEmpty()) {
            return refuse(exchange, "Task not found: " + id);
        }
        LegacyTask task = found.get();
        return switch (exchange.request().method()) {
            case Method.TASKS_GET -> fresh(exchange, task, news -> answer(exchange, task.toJson()));
            case Method.TASKS_CANCEL -> fresh(exchange, task, news -> cancel(exchange, task));
            default -> new TaskWait(this, terms, exchange, task, results).begin();
        };
    }

    /** Goes on when the server told how the task is; a refusal of the server is the outcome of the exchange. */
    Call fresh(Exchange exchange, LegacyTask task, Consumer<LegacyTask> then) {
        if (task.isOver()) {
            then.accept(task);
            return Call.DONE;
        }
        return send(exchange, Method.TASKS_GET, task, "", answer -> {
            if (answer.kind() == Message.Kind.ERROR) {
                exchange.complete(results.translated(exchange.request(), answer));
                return;
            }
            task.tell(answer.result());
            then.accept(task);
        });
    }

    /** @param more members of params, raw JSON, each with a comma before it */
    Call send(Exchange exchange, String method, LegacyTask task, String more, Consumer<Message> then) {
        String params = "{\"taskId\":" + JsonText.quote(task.id()) + more + ",\"_meta\":"
                + JsonText.object(
                        ModernMeta.withTasks(ModernMeta.of(exchange.client().profile()))) + "}";
        return dispatch.begin(
                new Subrequest(exchange, Message.request(exchange.request().id(), method, params), then));
    }

    private void cancel(Exchange exchange, LegacyTask task) {
        if (task.isOver()) {
            refuse(exchange, "The task is " + task.status() + " already");
            return;
        }
        send(exchange, Method.TASKS_CANCEL, task, "", answer -> {
            if (answer.kind() == Message.Kind.ERROR) {
                exchange.complete(results.translated(exchange.request(), answer));
                return;
            }
            task.cancel(); // at once for this client, whenever the server gets to it
            answer(exchange, task.toJson());
        });
    }

    Call list(Exchange exchange) {
        String cursor = exchange.request().param("cursor");
        if (!cursor.matches("[0-9]{0,6}")) {
            return refuse(exchange, "Invalid cursor (expected: the nextCursor of a tasks/list result)");
        }
        List<LegacyTask> all = of(exchange.client());
        int from = Math.min(all.size(), cursor.isEmpty() ? 0 : Integer.parseInt(cursor));
        int to = Math.min(all.size(), from + PAGE);
        List<LegacyTask> page = all.subList(from, to);
        String next = to < all.size() ? ",\"nextCursor\":\"" + to + "\"" : "";
        List<CompletableFuture<Void>> news = new ArrayList<>();
        for (LegacyTask task : page) {
            news.add(told(exchange, task));
        }
        CompletableFuture.allOf(news.toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> answer(
                        exchange,
                        page.stream()
                                .map(LegacyTask::toJson)
                                .collect(Collectors.joining(",", "{\"tasks\":[", "]" + next + "}"))));
        return Call.DONE;
    }

    /** Who does not answer in time is shown as it was. */
    private CompletableFuture<Void> told(Exchange exchange, LegacyTask task) {
        CompletableFuture<Void> told = new CompletableFuture<>();
        if (task.isOver()) {
            told.complete(null);
            return told;
        }
        Call call = send(exchange, Method.TASKS_GET, task, "", answer -> {
            if (answer.kind() == Message.Kind.RESULT) {
                task.tell(answer.result());
            }
            told.complete(null);
        });
        return told.orTimeout(LIST_MILLIS_MAX, TimeUnit.MILLISECONDS).exceptionally(late -> {
            call.cancel("no answer in time");
            return null;
        });
    }

    private static void answer(Exchange exchange, String result) {
        exchange.complete(Message.result(exchange.request().id(), result));
    }

    private static Call refuse(Exchange exchange, String why) {
        exchange.complete(Message.error(exchange.request().id(), RpcError.of(RpcError.INVALID_PARAMS, why)));
        return Call.DONE;
    }
}
