package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Subrequest;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.ServerId;

/** A tool that its server runs as a task only, for a client that knows no tasks: called as one, and waited for. */
final class AwaitedTask implements Call {
    private final Router router;
    private final ServerId server;
    private final Exchange exchange;
    private Call current = Call.DONE; // guarded by this
    private String task = ""; // guarded by this; the server's id of it
    private String cancelled = ""; // guarded by this

    AwaitedTask(Router router, ServerId server, Exchange exchange) {
        this.router = router;
        this.server = server;
        this.exchange = exchange;
    }

    Call begin() {
        goOn(router.send(server, new Subrequest(exchange, exchange.request(), this::created)));
        return this;
    }

    private void goOn(Call next) {
        String reason;
        synchronized (this) {
            // the second may have been sent before the first one's call was known
            current = task.isEmpty() || current == Call.DONE ? next : current;
            reason = cancelled;
        }
        if (!reason.isEmpty()) {
            next.cancel(reason);
        }
    }

    private void created(Message response) {
        String made = TaskShape.made(response)
                .map(each -> RawObject.of(each).text("taskId"))
                .orElse("");
        if (made.isEmpty()) {
            exchange.complete(response);
            return;
        }
        String meta = exchange.request().rawParam("_meta");
        Message request = Message.request(
                exchange.request().id(),
                Method.TASKS_RESULT,
                RawObject.of("")
                        .put("taskId", JsonText.quote(made))
                        .put("_meta", meta.isEmpty() ? "{}" : meta)
                        .toString());
        boolean late;
        synchronized (this) {
            task = made;
            current = Call.DONE;
            late = !cancelled.isEmpty();
        }
        if (late) {
            end(made);
            return;
        }
        goOn(router.send(
                server,
                new Subrequest(exchange, request, answer -> exchange.complete(TaskShape.withoutRelated(answer)))));
    }

    private void end(String made) {
        router.send(server, Wish.endOfTask(exchange.client(), made));
    }

    @Override
    public void cancel(String reason) {
        Call running;
        String made;
        synchronized (this) {
            cancelled = reason;
            running = current;
            made = task;
        }
        running.cancel(reason);
        if (!made.isEmpty()) {
            end(made);
        }
    }
}
