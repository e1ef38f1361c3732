package org.mcpservermanager.conversation;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/**
 * One call of a legacy client to a modern server: as often as the server answers {@code input_required}, its questions are put to
 * the client, and the request goes out anew with the answers (2026-07-28, basic/patterns/mrtr). While the client thinks, the
 * next request is reserved: so the call counts as open, and ends with the server.
 */
final class Rounds implements Exchange, Call {
    static final int ROUNDS_MAX = 32;
    private static final System.Logger LOG = System.getLogger(Rounds.class.getName());
    private static final long DELAY_MILLIS_MIN = 100;
    private static final long DELAY_MILLIS_MAX = 5000;
    private static final Set<String> MAY_ASK = Set.of(Method.TOOLS_CALL, Method.PROMPTS_GET, Method.RESOURCES_READ);

    private final Exchange exchange;
    private final Message request;
    private final Terms terms;
    private final Dispatch dispatch;
    private final BinaryOperator<Message> translation;
    private int rounds; // guarded by this
    private OpenCall current; // guarded by this
    private Interview interview; // guarded by this; null when none is under way
    private boolean over; // guarded by this

    /**
     * @param request the client's, translated
     * @param translation of an outcome, which is anything but {@code input_required}, by request and answer
     */
    Rounds(Exchange exchange, Message request, Terms terms, Dispatch dispatch, BinaryOperator<Message> translation) {
        this.exchange = exchange;
        this.request = request;
        this.terms = terms;
        this.dispatch = dispatch;
        this.translation = translation;
    }

    Call begin() {
        OpenCall first = dispatch.reserve(this);
        synchronized (this) {
            current = first;
        }
        return dispatch.send(first, request) ? this : Call.DONE;
    }

    @Override
    public Message request() {
        return request;
    }

    @Override
    public Client client() {
        return exchange.client();
    }

    @Override
    public void tell(Message notification) {
        exchange.tell(notification);
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        return exchange.ask(question);
    }

    /** The answer to one request, or why there is none. */
    @Override
    public void complete(Message answer) {
        boolean asks = answer.kind() == Message.Kind.RESULT
                && LegacyResults.type(answer).equals(LegacyResults.INPUT_REQUIRED);
        try {
            if (asks) {
                goOn(answer.result());
            } else {
                finish(translation.apply(request, answer));
            }
        } catch (RuntimeException e) {
            // the client gets its outcome whatever the server sent
            LOG.log(System.Logger.Level.WARNING, "Server '" + terms.server() + "': an answer is not translated", e);
            fail("The server's answer could not be translated for a client of an earlier revision");
        }
    }

    private void goOn(String inputRequired) {
        String requests = JsonText.member(inputRequired, "inputRequests");
        int round;
        synchronized (this) {
            round = ++rounds;
        }
        if (!MAY_ASK.contains(request.method())) {
            fail("The server asked for input, which " + request.method() + " does not allow");
        } else if (round > ROUNDS_MAX) {
            fail("The server asked for input more than " + ROUNDS_MAX + " times");
        } else if (!requests.isEmpty() && !requests.startsWith("{")) {
            fail("The server asked for input with inputRequests that are no object");
        } else {
            next(round, inputRequired, requests.isEmpty() ? Map.of() : JsonText.members(requests));
        }
    }

    private void next(int round, String inputRequired, Map<String, String> requests) {
        Message retry = withState(JsonText.member(inputRequired, "requestState"));
        OpenCall reserved = dispatch.reserve(this);
        boolean late;
        synchronized (this) {
            late = over;
            current = reserved;
        }
        if (late) {
            dispatch.cancel(reserved, "cancelled");
        } else if (requests.isEmpty()) {
            sendLater(reserved, retry, round);
        } else {
            put(reserved, retry, requests);
        }
    }

    /** As it is, or not at all. */
    private Message withState(String state) {
        return state.isEmpty() ? request : request.withParam("requestState", state);
    }

    private void sendLater(OpenCall reserved, Message retry, int round) {
        if (round == 1) {
            dispatch.send(reserved, retry);
            return;
        }
        long delay = Math.min(DELAY_MILLIS_MIN << Math.min(round, 10), DELAY_MILLIS_MAX);
        Future<?> unused = terms.timer().schedule(() -> sendIfCurrent(reserved, retry), delay, TimeUnit.MILLISECONDS);
    }

    private void sendIfCurrent(OpenCall reserved, Message retry) {
        synchronized (this) {
            if (over || current != reserved) {
                return;
            }
            interview = null;
        }
        dispatch.send(reserved, retry);
    }

    private void put(OpenCall reserved, Message retry, Map<String, String> requests) {
        Interview begun;
        try {
            begun = new Interview(exchange, Long.toString(reserved.id()), requests);
        } catch (Interview.NotAskable e) {
            fail(e.getMessage());
            return;
        }
        synchronized (this) {
            interview = begun;
        }
        reserved.questionOpened();
        begun.begin().whenComplete((answers, failure) -> {
            reserved.questionClosed();
            if (failure != null) {
                finish(refused(failure));
            } else {
                sendIfCurrent(reserved, retry.withParam("inputResponses", JsonText.object(answers)));
            }
        });
    }

    /** Who refuses to be asked ends the call: a tool failed then, and anything else is an error. */
    private Message refused(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String why = cause instanceof Interview.Refused ? cause.getMessage() : "The client could not be asked";
        return request.method().equals(Method.TOOLS_CALL)
                ? Message.result(
                        request.id(),
                        "{\"content\":[{\"type\":\"text\",\"text\":" + JsonText.quote(why) + "}],\"isError\":true}")
                : Message.error(request.id(), RpcError.of(RpcError.INTERNAL_ERROR, why));
    }

    private void fail(String why) {
        finish(Message.error(request.id(), RpcError.of(RpcError.INTERNAL_ERROR, why)));
    }

    private void finish(Message outcome) {
        OpenCall last = end("the call is over");
        if (last == null) {
            return;
        }
        if (!last.isSent()) {
            dispatch.cancel(last, "the call is over");
        }
        exchange.complete(outcome);
    }

    @Override
    public void cancel(String reason) {
        OpenCall last = end("the client cancelled the call");
        if (last != null) {
            dispatch.cancel(last, reason);
        }
    }

    /** The request under way; null when the call was over before. */
    private OpenCall end(String why) {
        OpenCall last;
        Interview unanswered;
        synchronized (this) {
            if (over) {
                return null;
            }
            over = true;
            last = current;
            unanswered = interview;
        }
        if (unanswered != null) {
            unanswered.withdraw(why);
        }
        return last;
    }
}
