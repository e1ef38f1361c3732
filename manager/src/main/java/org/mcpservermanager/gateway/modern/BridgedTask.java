package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/**
 * A task of 2025-11-25 for a client that knows the extension. The stand-in and its copy of the server are the task's until it is
 * over; its result is kept here then. Guarded by this; nothing is called while holding it.
 */
final class BridgedTask implements TaskWatch.Watched {
    /** How long a poll waits for what the server has already said it has. */
    private static final Duration POLL_MAX = Duration.ofSeconds(2);

    private final Bridge bridge;
    private final Terms terms;
    private final TaskQuestions questions;
    private final List<Visit> polls = new ArrayList<>(); // none for longer than POLL_MAX
    private final KnownTask known;
    private final TaskListeners listeners;
    private final ResultRequest result = new ResultRequest();
    private boolean over;

    /**
     * @param own the server's id of it
     * @param name the client's
     * @param ttl how long it is kept
     */
    record Terms(Standin standin, String own, String name, Abilities abilities, Duration ttl, String serverInfo) {}

    BridgedTask(Bridge bridge, Terms terms, String told) {
        this.bridge = bridge;
        this.terms = terms;
        this.listeners = new TaskListeners(bridge.timer(), this::look);
        this.questions = new TaskQuestions(bridge, terms.abilities(), this::answerPolls, listeners::changed);
        this.known = new KnownTask(terms, questions, told);
        terms.standin().begins(this);
    }

    String own() {
        return terms.own();
    }

    @Override
    public String name() {
        return terms.name();
    }

    Standin standin() {
        return terms.standin();
    }

    /** What the call that became the task is answered. */
    synchronized Message created(Message request) {
        return known.created(request);
    }

    synchronized int resultLength() {
        return known.resultLength();
    }

    @Override
    public synchronized boolean isOver() {
        return over;
    }

    private Call send(String method, Consumer<Message> then) {
        return bridge.router().send(standin().place().server(), TaskRequest.of(method, this, then));
    }

    void get(Visit visit) {
        if (isOver()) {
            visit.end(shown(visit.request()));
        } else {
            send(Method.TASKS_GET, answer -> polled(visit, answer));
        }
    }

    private void polled(Visit visit, Message answer) {
        if (answer.kind() == Message.Kind.ERROR) {
            if (Translation.code(RawObject.of(answer.error())) == RpcError.INVALID_PARAMS) {
                bridge.tasks().lost(this);
            }
            visit.end(Translation.toModern(visit.request(), answer, terms.serverInfo()));
            return;
        }
        if (!take(answer.result())) {
            visit.end(shown(visit.request()));
            return;
        }
        synchronized (this) {
            polls.add(visit);
        }
        await();
        bridge.timer().schedule(this::answerPolls, POLL_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** @return whether the server has something that is not here yet */
    private boolean take(String task) {
        boolean waits;
        synchronized (this) {
            known.tell(task);
            waits = !isDone() && known.hasMore(result.isOpen());
        }
        settle();
        listeners.changed();
        return waits;
    }

    /** What the server says of itself. */
    void hear(Message status) {
        if (!isOver() && take(status.params())) {
            await();
        }
    }

    @Override
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void unlisten(Runnable listener) {
        listeners.remove(listener);
    }

    /** Asks how the task is, for those who listen. */
    private void look() {
        if (isOver()) {
            return;
        }
        send(Method.TASKS_GET, answer -> {
            boolean isKnown = answer.kind() == Message.Kind.RESULT;
            if (isKnown && take(answer.result())) {
                await();
            }
            if (isKnown || Translation.code(RawObject.of(answer.error())) != RpcError.INVALID_PARAMS) {
                listeners.lookAgain(pollInterval());
            } else {
                bridge.tasks().lost(this);
            }
        });
    }

    private synchronized Duration pollInterval() {
        return known.pollInterval();
    }

    /** Servers put their questions, and the result, on the request for the result. */
    private void await() {
        synchronized (this) {
            if (isDone() || !result.open()) {
                return;
            }
        }
        result.begun(send(Method.TASKS_RESULT, this::resulted));
    }

    private void resulted(Message answer) {
        boolean failed = answer.kind() == Message.Kind.ERROR;
        result.answered();
        if (failed && Translation.code(RawObject.of(answer.error())) == RpcError.SERVER_UNAVAILABLE) {
            answerPolls(); // it took too long, or its server is gone: the next poll will tell
        } else if (failed && !isFailed()) {
            // a task that was cancelled has no result either
            send(Method.TASKS_GET, task -> {
                synchronized (this) {
                    known.tell(task.kind() == Message.Kind.RESULT ? task.result() : "");
                }
                ended(answer);
            });
        } else {
            ended(answer);
        }
    }

    private synchronized boolean isFailed() {
        return known.isFailed();
    }

    private void ended(Message answer) {
        synchronized (this) {
            known.end(TaskShape.withoutRelated(answer));
        }
        settle();
        answerPolls();
    }

    private boolean isDone() {
        return over || known.isOver();
    }

    /** Lets go of the server as soon as nothing more is to come. */
    private void settle() {
        synchronized (this) {
            if (over || !isDone()) {
                return;
            }
            over = true;
        }
        questions.end("the task is over");
        result.cancel("the task is over");
        standin().ends(this);
        bridge.standins().release(standin());
    }

    private void answerPolls() {
        List<Visit> answered;
        synchronized (this) {
            answered = List.copyOf(polls);
            polls.clear();
        }
        answered.forEach(visit -> visit.end(shown(visit.request())));
        listeners.changed();
    }

    /** The answer to tasks/get. */
    private synchronized Message shown(Message request) {
        return known.shown(request);
    }

    /** The same as params of a notification. */
    @Override
    public synchronized String news() {
        return known.news();
    }

    CompletionStage<Message> ask(Message message) {
        return questions.ask(message);
    }

    /** Progress and logs do not exist for tasks there. */
    void tell(Message notification) {
        if (notification.method().equals(Method.CANCELLED)) {
            questions.withdraw(notification.rawParam("requestId"), "it was taken back");
        }
    }

    void update(Visit visit) {
        String raw = visit.request().rawParam(Translation.INPUT_RESPONSES);
        questions.answer(RawObject.isObject(raw) ? RawObject.of(raw).members() : Map.of());
        acknowledge(visit);
    }

    private void acknowledge(Visit visit) {
        visit.end(Translation.result(visit.request(), "{}", terms.serverInfo()));
    }

    /** That it was over already, or that the server cannot, is no error any more. */
    void cancel(Visit visit) {
        if (isOver()) {
            acknowledge(visit);
            return;
        }
        send(Method.TASKS_CANCEL, answer -> {
            if (answer.kind() == Message.Kind.RESULT) {
                take(answer.result());
            } else if (Translation.code(RawObject.of(answer.error())) == RpcError.SERVER_UNAVAILABLE) {
                visit.end(Translation.toModern(visit.request(), answer, terms.serverInfo()));
                return;
            }
            acknowledge(visit);
        });
    }

    /** It is forgotten; a server that is still at it is told so. */
    void expire(String why) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            known.cancel();
        }
        questions.end(why);
        result.cancel(why);
        bridge.router().send(standin().place().server(), Wish.endOfTask(standin(), own()));
        standin().ends(this);
        bridge.standins().discard(standin());
        answerPolls();
    }
}
