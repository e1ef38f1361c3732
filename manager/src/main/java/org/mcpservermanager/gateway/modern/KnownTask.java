package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import org.mcpservermanager.protocol.Message;

/** What is known of a task of an older server, and how its client is shown it. Guarded by the task that has it. */
final class KnownTask {
    private static final Duration POLL_MIN = Duration.ofMillis(50);
    private static final Duration POLL_DEFAULT = Duration.ofSeconds(1);
    private static final Duration POLL_MAX = Duration.ofSeconds(5);

    private final BridgedTask.Terms terms;
    private final TaskQuestions questions;
    private String told; // by the server last, raw JSON
    private Message outcome; // of the call that became the task; null until then
    private boolean cancelled;

    KnownTask(BridgedTask.Terms terms, TaskQuestions questions, String told) {
        this.terms = terms;
        this.questions = questions;
        this.told = told;
    }

    /** @param task what is no task changes nothing */
    void tell(String task) {
        if (RawObject.isObject(task)) {
            told = task;
            cancelled |= statusTold().equals("cancelled");
        }
    }

    void end(Message result) {
        outcome = result;
    }

    void cancel() {
        cancelled = true;
    }

    boolean isOver() {
        return cancelled || outcome != null;
    }

    boolean isFailed() {
        return cancelled || statusTold().equals("failed");
    }

    /** Whether the server said that there is a result or a question that is not here yet. */
    boolean hasMore(boolean listening) {
        return switch (statusTold()) {
            case "completed", "failed" -> true;
            case "input_required" -> questions.isEmpty() || !listening;
            default -> false;
        };
    }

    Duration pollInterval() {
        String raw = RawObject.isObject(told) ? RawObject.of(told).get("pollInterval") : "";
        Duration wanted = raw.matches("[0-9]{1,9}") ? Duration.ofMillis(Long.parseLong(raw)) : POLL_DEFAULT;
        if (wanted.compareTo(POLL_MIN) < 0) {
            return POLL_MIN;
        }
        return wanted.compareTo(POLL_MAX) > 0 ? POLL_MAX : wanted;
    }

    int resultLength() {
        return outcome == null ? 0 : outcome.length();
    }

    private String statusTold() {
        return RawObject.isObject(told) ? RawObject.of(told).text("status") : "";
    }

    private String status() {
        if (cancelled) {
            return "cancelled";
        }
        if (outcome != null) {
            return outcome.kind() == Message.Kind.ERROR ? "failed" : "completed";
        }
        return questions.isEmpty() ? "working" : "input_required";
    }

    /** What the call that became the task is answered. */
    Message created(Message request) {
        RawObject result =
                TaskShape.flat(told, terms.name(), terms.ttl(), status()).put("resultType", "\"task\"");
        return Message.result(request.id(), Translation.identified(result.toString(), terms.serverInfo()));
    }

    /** The answer to tasks/get. */
    Message shown(Message request) {
        return Translation.result(request, detailed().toString(), terms.serverInfo());
    }

    /** The same as params of a notification, raw JSON. */
    String news() {
        return detailed().toString();
    }

    private RawObject detailed() {
        RawObject task = TaskShape.flat(told, terms.name(), terms.ttl(), status());
        switch (status()) {
            case "completed" -> task.put("result", Translation.detail(outcome.result(), terms.serverInfo()));
            case "failed" -> task.put("error", outcome.error());
            case "input_required" -> task.put("inputRequests", questions.toRequests());
            default -> {
                // the others have nothing to add
            }
        }
        return task;
    }
}
