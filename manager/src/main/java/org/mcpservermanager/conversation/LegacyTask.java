package org.mcpservermanager.conversation;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;

/** A task of a modern server, or a call that it answered at once, as 2025-11-25 writes tasks. */
final class LegacyTask {
    static final String WORKING = "working";
    static final String INPUT_REQUIRED = "input_required";
    static final String COMPLETED = "completed";
    static final String FAILED = "failed";
    static final String CANCELLED = "cancelled";
    private static final Duration TTL_MAX = Duration.ofHours(24);
    private static final Set<String> SAME = Set.of("taskId", "statusMessage", "createdAt", "lastUpdatedAt");

    private final Message call;
    private final String id;
    private final boolean ours;
    private final long endsAt;
    private volatile String told; // raw JSON in the server's form; the last news count
    private volatile boolean cancelled; // once true, for ever

    /** @param told raw JSON in the server's form */
    LegacyTask(Message call, String told) {
        this(call, told, false);
    }

    private LegacyTask(Message call, String told, boolean ours) {
        this.call = call;
        this.ours = ours;
        this.id = JsonText.unquote(JsonText.member(told, "taskId"));
        this.told = told;
        String ttl = JsonText.member(told, "ttlMs");
        long millis = ttl.matches("[0-9]{1,15}") ? Long.parseLong(ttl) : Long.MAX_VALUE;
        this.endsAt = System.nanoTime()
                + Duration.ofMillis(Math.min(millis, TTL_MAX.toMillis())).toNanos();
    }

    /** Of a call that its server answered at once: the task is ours, and has the result. */
    static LegacyTask done(Message call, String result) {
        String now = JsonText.quote(Instant.now().toString());
        return new LegacyTask(
                call,
                "{\"taskId\":\"" + UUID.randomUUID() + "\",\"status\":\"completed\",\"createdAt\":" + now
                        + ",\"lastUpdatedAt\":" + now + ",\"ttlMs\":"
                        + Duration.ofHours(1).toMillis()
                        + ",\"result\":" + result + "}",
                true);
    }

    /** The call that became the task. */
    Message call() {
        return call;
    }

    /** Whether the server knows nothing of it; its result is in the client's form then. */
    boolean isOurs() {
        return ours;
    }

    String id() {
        return id;
    }

    boolean isOutOfDate() {
        return System.nanoTime() - endsAt > 0;
    }

    /** What is over stays as it is: news may come late. */
    synchronized void tell(String news) {
        if (!isOver()) {
            told = news;
        }
    }

    void cancel() {
        cancelled = true;
    }

    String status() {
        if (cancelled) {
            return CANCELLED;
        }
        String status = JsonText.member(told, "status");
        return status.isEmpty() ? "" : JsonText.unquote(status);
    }

    boolean isOver() {
        return switch (status()) {
            case COMPLETED, FAILED, CANCELLED -> true;
            default -> false;
        };
    }

    /** Raw JSON of a member as the server told it last; empty when absent. */
    String member(String name) {
        return JsonText.member(told, name);
    }

    /** A tool that failed is a failed task there. */
    private String statusShown() {
        String result = member("result");
        boolean failed = status().equals(COMPLETED)
                && result.startsWith("{")
                && JsonText.member(result, "isError").equals("true");
        return failed ? FAILED : status();
    }

    /** @param status in place of the one there is; empty for that one */
    private String toJson(String status) {
        Map<String, String> shown = new LinkedHashMap<>();
        JsonText.members(told).forEach((name, value) -> {
            if (SAME.contains(name)) {
                shown.put(name, value);
            }
        });
        shown.put("status", JsonText.quote(status.isEmpty() ? statusShown() : status));
        String ttl = member("ttlMs");
        shown.put("ttl", ttl.isEmpty() ? "null" : ttl);
        if (!member("pollIntervalMs").isEmpty()) {
            shown.put("pollInterval", member("pollIntervalMs"));
        }
        return JsonText.object(shown);
    }

    String toJson() {
        return toJson("");
    }

    /** Tasks begin as working ones, also those that are over by now. */
    String created() {
        return "{\"task\":" + toJson(WORKING) + "}";
    }

    /** With the task's id in {@code _meta}, raw JSON. */
    String related(String object) {
        String meta = JsonText.member(object, "_meta");
        return JsonText.with(
                object,
                "_meta",
                JsonText.with(
                        meta.startsWith("{") ? meta : "{}",
                        Meta.RELATED_TASK,
                        "{\"taskId\":" + JsonText.quote(id) + "}"));
    }
}
