package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/**
 * A stateless client's call at an older server. What the server asks ends the client's request, and the call waits (is parked)
 * for the client's next one; so one call may have many visits. Guarded by this; nothing is called while holding it.
 */
final class BridgedCall implements Exchange {
    private static final int QUESTIONS_MAX = 64;
    /** Until a server has ended a call of which it was told that its question is not answered. */
    private static final Duration REFUSED = Duration.ofMillis(250);

    private final Bridge bridge;
    private final CallTerms terms;
    private final CallEnd end;
    private final Questionnaire questions;
    private final Quiet quiet;
    private Visit visit; // null while parked
    private Abilities abilities;
    private Call call = Call.DONE;
    private String cancelled = "";
    private String parkedAt = "";
    private int round;
    private Message outcome; // came while nobody was there
    private RpcError lacking; // what the client is told when the server has ended the call; null mostly
    private boolean over;

    BridgedCall(Bridge bridge, CallTerms terms, Questionnaire questions, Visit visit) {
        this.bridge = bridge;
        this.terms = terms;
        this.end = new CallEnd(bridge, terms);
        this.questions = questions;
        this.quiet = new Quiet(bridge.timer());
        this.visit = visit;
        this.abilities = visit.meta().abilities();
    }

    private static void nothing() {
        // where there is nothing to do
    }

    void begin() {
        Visit first = visit;
        Call sent = terms.awaited()
                ? new AwaitedTask(bridge.router(), terms.standin().place().server(), this).begin()
                : bridge.router().send(terms.standin().place().server(), this);
        String reason;
        synchronized (this) {
            call = sent;
            reason = cancelled;
        }
        if (!reason.isEmpty()) {
            sent.cancel(reason);
        } else {
            first.onGone(() -> gone(first));
        }
    }

    @Override
    public Message request() {
        return terms.request();
    }

    @Override
    public Client client() {
        return terms.standin();
    }

    @Override
    public void tell(Message notification) {
        Visit present;
        Optional<Question> withdrawn = Optional.empty();
        synchronized (this) {
            present = visit;
            if (notification.method().equals(Method.CANCELLED)) {
                withdrawn = questions.withdraw(notification.rawParam("requestId"));
                present = null;
            }
        }
        withdrawn.ifPresent(question -> question.answer().complete(question.abandoned("it was taken back")));
        if (present != null) {
            present.tell(notification);
        }
    }

    @Override
    public CompletionStage<Message> ask(Message message) {
        Question question = new Question(message);
        Optional<Message> answer;
        Runnable effect = BridgedCall::nothing;
        synchronized (this) {
            String missing = abilities.missingFor(message);
            if (!mayBeAsked(message)) {
                answer = Optional.of(Question.refused(message, "it cannot be asked within this call"));
            } else if (!missing.isEmpty()) {
                answer = Optional.of(Question.refused(message, "the client did not declare the capability"));
                effect = lacking(missing);
            } else {
                answer = questions.add(question);
                if (answer.isEmpty() && visit != null) {
                    awaitQuiet();
                }
            }
        }
        effect.run();
        return answer.map(CompletableFuture::completedFuture).orElseGet(question::answer);
    }

    private boolean mayBeAsked(Message message) {
        return !over
                && lacking == null
                && !Question.kind(message.method()).isEmpty()
                && Translation.mayAsk(terms.request().method())
                && questions.asked() < QUESTIONS_MAX;
    }

    @Override
    public void refused(Message question) {
        decide(() -> {
            String missing = abilities.missingFor(question);
            return missing.isEmpty() ? BridgedCall::nothing : lacking(missing);
        });
    }

    private void decide(Supplier<Runnable> decision) {
        Runnable effect;
        synchronized (this) {
            effect = decision.get();
        }
        effect.run();
    }

    /**
     * Guarded by this. The server goes on without an answer that it needs, so the call is worth nothing. The client is told when the
     * server has ended it: before that, whose the next question is would not be certain.
     */
    private Runnable lacking(String capabilities) {
        if (visit == null || over || lacking != null) {
            return BridgedCall::nothing;
        }
        lacking = Abilities.missing(capabilities);
        quiet.begin(REFUSED, none -> endWithoutServer());
        List<Question> unanswered = questions.removeAll();
        return () -> CallEnd.abandon(unanswered, "the client cannot be asked all that was asked");
    }

    private void endWithoutServer() {
        decide(() -> over || visit == null ? BridgedCall::nothing : failed(lacking, "the client cannot be asked that"));
    }

    /** Guarded by this. */
    private Runnable failed(RpcError error, String reason) {
        Visit present = visit;
        Runnable abandoning = abandoned(reason);
        return () -> {
            abandoning.run();
            present.end(Message.error(present.request().id(), error));
        };
    }

    /** Guarded by this. */
    private void awaitQuiet() {
        quiet.begin(bridge.settings().quiet(), this::quietSince);
    }

    private void quietSince(long then) {
        decide(() -> over
                        || visit == null
                        || lacking != null
                        || !quiet.isLast(then)
                        || questions.open().isEmpty()
                ? BridgedCall::nothing
                : parked());
    }

    /** Guarded by this. */
    private Runnable parked() {
        Visit leaving = visit;
        visit = null;
        round++;
        parkedAt = UUID.randomUUID().toString();
        String place = parkedAt;
        String state =
                questions.state(place, terms.subject(), round, bridge.expiry()).seal(bridge.seal());
        Message response = terms.inputRequired(leaving, questions.toResult(state));
        return () -> {
            bridge.lot().put(place, this, terms.standin().place()); // first: the client may be back at once
            leaving.end(response);
        };
    }

    /** The client is back. Only for who took the call from the lot. */
    void resume(Visit next, Map<String, String> responses) {
        Map<Question, Message> answers;
        Runnable effect = BridgedCall::nothing;
        synchronized (this) {
            if (over) {
                next.end(Message.error(next.request().id(), Bridge.INVALID_STATE));
                return;
            }
            visit = next;
            abilities = next.meta().abilities();
            answers = questions.answer(responses);
            Optional<String> missing = questions.open().stream()
                    .map(question -> abilities.missingFor(question.message()))
                    .filter(each -> !each.isEmpty())
                    .findFirst();
            if (outcome != null) {
                effect = ended(outcome);
            } else if (missing.isPresent()) {
                effect = lacking(missing.get());
            } else if (!questions.open().isEmpty()) {
                awaitQuiet();
            }
        }
        effect.run();
        next.onGone(() -> gone(next));
        bridge.tellLevel(terms.standin(), next.meta().logLevel());
        answers.forEach((question, answer) -> question.answer().complete(answer));
    }

    @Override
    public void complete(Message response) {
        Runnable effect = BridgedCall::nothing;
        synchronized (this) {
            if (!over) {
                effect = visit == null ? endedAlone(response) : ended(response);
            }
        }
        terms.turn().end();
        effect.run();
    }

    /** Guarded by this. A server that died has nothing to wait for. */
    private Runnable endedAlone(Message response) {
        boolean lost = response.kind() == Message.Kind.ERROR
                && Translation.code(RawObject.of(response.error())) == RpcError.SERVER_UNAVAILABLE;
        if (!lost) {
            outcome = response;
            return BridgedCall::nothing;
        }
        String place = parkedAt;
        Runnable abandoning = abandoned("the server is gone");
        return () -> {
            bridge.lot().take(place);
            abandoning.run();
        };
    }

    /** Guarded by this. */
    private Runnable ended(Message response) {
        over = true;
        quiet.cancel();
        Visit present = visit;
        List<Question> unanswered = questions.removeAll();
        RpcError refusal = lacking;
        int last = round;
        return refusal == null
                ? () -> end.answered(present, response, last, unanswered)
                : () -> end.answeredInVain(present, refusal, unanswered);
    }

    private void gone(Visit who) {
        leave(who, "the client closed the connection");
    }

    /** Nobody came back. Only for who took the call from the lot. */
    void expire(String why) {
        leave(null, why);
    }

    private void leave(Visit who, String why) {
        decide(() -> over || visit != who ? BridgedCall::nothing : abandoned(why));
    }

    /** Guarded by this. Ends the call without the server, which may still be at it. */
    private Runnable abandoned(String why) {
        over = true;
        cancelled = why;
        quiet.cancel();
        Call running = call;
        List<Question> unanswered = questions.removeAll();
        return () -> end.abandoned(running, why, unanswered);
    }
}
