package org.mcpservermanager.conversation;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/** A request that we sent, with what is needed to bring its answer back. */
final class OpenCall implements Call {
    private static final Set<String> NEVER_ASK = Set.of(
            Method.PING,
            Method.TOOLS_LIST,
            Method.PROMPTS_LIST,
            Method.RESOURCES_LIST,
            Method.RESOURCES_TEMPLATES_LIST,
            Method.RESOURCES_SUBSCRIBE,
            Method.RESOURCES_UNSUBSCRIBE,
            Method.LOGGING_SET_LEVEL,
            Method.TASKS_GET,
            Method.TASKS_LIST,
            Method.TASKS_CANCEL);

    private final long id;
    private final Exchange exchange;
    private final Message request;
    private final long silenceNanos;
    private final long lastDeadline;
    private final BiConsumer<OpenCall, String> onCancel;

    private final AtomicBoolean givenUp = new AtomicBoolean();
    private volatile long givenUpAt; // written once, by the one that gives up
    private volatile boolean sent; // written before the request leaves

    /** These are guarded by this. */
    private int questions;

    private long deadline;

    OpenCall(long id, Exchange exchange, Clock clock, BiConsumer<OpenCall, String> onCancel) {
        this.id = id;
        this.exchange = exchange;
        this.request = exchange.request();
        this.silenceNanos = clock.silenceNanos;
        this.lastDeadline = clock.now + clock.longestNanos;
        this.deadline = clock.now + clock.silenceNanos;
        this.onCancel = onCancel;
    }

    /** When a call begins and how long it may be silent, and take at all. */
    record Clock(long now, long silenceNanos, long longestNanos) {}

    long id() {
        return id;
    }

    Message request() {
        return request;
    }

    Exchange exchange() {
        return exchange;
    }

    void sent() {
        sent = true;
    }

    /** Whether the server may know of it. */
    boolean isSent() {
        return sent;
    }

    boolean mayAsk() {
        return !NEVER_ASK.contains(request.method());
    }

    /** As a request of a modern client says it. */
    boolean wantsLogs() {
        return sent
                && !JsonText.member(request.rawParam("_meta"), Meta.LOG_LEVEL).isEmpty();
    }

    void tellProgress(Message progress) {
        extend();
        exchange.tell(progress.withProgressToken(request.progressToken()));
    }

    void complete(Message response) {
        exchange.complete(response.withId(request.id()));
    }

    void fail(RpcError error) {
        exchange.complete(Message.error(request.id(), error));
    }

    /** True the first time. */
    boolean giveUp() {
        boolean first = givenUp.compareAndSet(false, true);
        if (first) {
            givenUpAt = System.nanoTime();
        }
        return first;
    }

    /** For calls that were given up. */
    boolean wasGivenUpWithin(Duration time, long now) {
        return now - givenUpAt < time.toNanos();
    }

    @Override
    public void cancel(String reason) {
        onCancel.accept(this, reason);
    }

    /** The server waits for a person now. */
    synchronized void questionOpened() {
        questions++;
        deadline = lastDeadline;
    }

    synchronized void questionClosed() {
        questions--;
        extend();
    }

    private synchronized void extend() {
        long next = questions > 0 ? lastDeadline : System.nanoTime() + silenceNanos;
        deadline = next - lastDeadline > 0 ? lastDeadline : next;
    }

    /** Whether it would be over by now, however lively. */
    boolean isOutOfDate(long now) {
        return lastDeadline - now <= 0;
    }

    synchronized long nanosLeft(long now) {
        return deadline - now;
    }
}
