package org.mcpservermanager.conversation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.transport.Link;

/**
 * The {@code subscriptions/listen} requests that are open: calls that last, so that no timeout ends them and nobody waits for them
 * when a copy is drained. Each message of a subscription says whose it is by the id of its request (2026-07-28,
 * basic/patterns/subscriptions).
 */
final class Subscriptions {
    static final int OPEN_MAX = 1024;
    private static final OpenCall.Clock FOREVER =
            new OpenCall.Clock(System.nanoTime(), Long.MAX_VALUE / 4, Long.MAX_VALUE / 4);

    private final Terms terms;
    private final Link link;
    private final Dispatch dispatch;
    private final Map<Long, OpenCall> open = new ConcurrentHashMap<>();

    Subscriptions(Terms terms, Link link, Dispatch dispatch) {
        this.terms = terms;
        this.link = link;
        this.dispatch = dispatch;
    }

    Call begin(Exchange exchange) {
        OpenCall call = new OpenCall(dispatch.nextId(), exchange, FOREVER, this::cancel);
        if (open.size() >= OPEN_MAX) {
            call.fail(RpcError.of(
                    RpcError.INTERNAL_ERROR,
                    "Server '" + terms.server() + "' has " + OPEN_MAX + " subscriptions open; end one first"));
            return Call.DONE;
        }
        open.put(call.id(), call);
        String own = Long.toString(call.id());
        if (!dispatch.isEnded() && link.send(call.request().addressed(own, own))) {
            return call;
        }
        take(call.id()).ifPresent(unsent -> unsent.fail(dispatch.unsent()));
        return Call.DONE;
    }

    private Optional<OpenCall> take(long id) {
        return Optional.ofNullable(open.remove(id));
    }

    private void cancel(OpenCall call, String reason) {
        if (take(call.id()).isPresent()) {
            dispatch.sendCancelled(call.id(), reason);
        }
    }

    /** False for a notification that belongs to no subscription. */
    boolean told(Message notification) {
        String meta = notification.rawParam("_meta");
        String id = JsonText.member(meta, Meta.SUBSCRIPTION_ID);
        if (id.isEmpty()) {
            return notification.method().equals(Method.CANCELLED) && tornDown(notification.rawParam("requestId"));
        }
        OpenCall call = open.get(number(id));
        if (call != null) {
            call.exchange()
                    .tell(notification.withParam(
                            "_meta",
                            JsonText.with(
                                    meta, Meta.SUBSCRIPTION_ID, call.request().id())));
        } else {
            dispatch.stray();
        }
        return true;
    }

    /** The server ends it without an answer, which is all that its client would understand. */
    private boolean tornDown(String id) {
        Optional<OpenCall> call = take(number(id));
        call.ifPresent(ended -> ended.complete(Message.result(
                ended.request().id(),
                "{\"resultType\":\"complete\",\"_meta\":{\"" + Meta.SUBSCRIPTION_ID + "\":"
                        + ended.request().id() + "}}")));
        return call.isPresent();
    }

    /** False for an answer to something else. */
    boolean answered(Message answer) {
        Optional<OpenCall> call = take(answer.plainId());
        call.ifPresent(ended -> ended.complete(addressed(answer, ended)));
        return call.isPresent();
    }

    private static Message addressed(Message answer, OpenCall call) {
        String meta = JsonText.member(answer.result(), "_meta");
        if (JsonText.member(meta, Meta.SUBSCRIPTION_ID).isEmpty()) {
            return answer;
        }
        String own = JsonText.with(meta, Meta.SUBSCRIPTION_ID, call.request().id());
        return Message.result(answer.id(), JsonText.with(answer.result(), "_meta", own));
    }

    void failAll(Problem cause) {
        RpcError error = Failures.unavailable(terms.server(), cause);
        List.copyOf(open.keySet()).forEach(id -> take(id).ifPresent(call -> dispatch.guarded(() -> call.fail(error))));
    }

    private static long number(String rawId) {
        try {
            return Long.parseLong(rawId);
        } catch (NumberFormatException notOurs) {
            return -1;
        }
    }
}
