package org.mcpservermanager.conversation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.server.Text;

/** The questions of one {@code input_required}, put to a legacy client all at once. */
final class Interview {
    static final int QUESTIONS_MAX = 256;
    private static final System.Logger LOG = System.getLogger(Interview.class.getName());
    private static final String CANCEL = "{\"action\":\"cancel\"}";
    private static final int QUOTED_MAX = 300;

    private final Exchange exchange;
    private final List<Question> questions = new ArrayList<>();

    /** What the server must not have asked, as it was told what this client can be asked. */
    static final class NotAskable extends Exception {
        private static final long serialVersionUID = 1;

        NotAskable(String message) {
            super(message);
        }
    }

    /** The client does not answer; the call cannot go on. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    private record Question(String key, Message message, CompletableFuture<String> answer) {}

    /** @param number makes the ids of the questions unique in the conversation */
    Interview(Exchange exchange, String number, Map<String, String> requests) throws NotAskable {
        this.exchange = exchange;
        if (requests.size() > QUESTIONS_MAX) {
            throw new NotAskable(
                    "The server asked " + requests.size() + " questions at once (at most: " + QUESTIONS_MAX + ")");
        }
        LegacyQuestion adaptation = new LegacyQuestion(exchange.client().profile());
        for (Map.Entry<String, String> request : requests.entrySet()) {
            String id = JsonText.quote("input-" + number + "-" + questions.size());
            questions.add(
                    new Question(request.getKey(), adaptation.of(id, request.getValue()), new CompletableFuture<>()));
        }
    }

    /** The answers by key, raw; fails with {@link Refused} as soon as one is refused that cannot be cancelled. */
    CompletionStage<Map<String, String>> begin() {
        CompletableFuture<Map<String, String>> all = new CompletableFuture<>();
        questions.forEach(question -> question.answer().whenComplete((answer, failure) -> {
            if (failure != null) {
                all.completeExceptionally(failure);
            } else if (questions.stream().allMatch(each -> each.answer().isDone())) {
                all.complete(answers());
            }
        }));
        questions.forEach(this::ask);
        return all;
    }

    private Map<String, String> answers() {
        Map<String, String> answers = new LinkedHashMap<>();
        questions.forEach(
                question -> answers.put(question.key(), question.answer().join()));
        return answers;
    }

    private void ask(Question question) {
        try {
            exchange.ask(question.message()).whenComplete((answer, failure) -> answered(question, answer, failure));
        } catch (RuntimeException e) {
            answered(question, null, e);
        }
    }

    private static void answered(Question question, Message answer, Throwable failure) {
        if (failure != null) {
            LOG.log(System.Logger.Level.WARNING, "a question could not be put: " + question.message(), failure);
        }
        if (answer != null && answer.kind() == Message.Kind.RESULT) {
            question.answer().complete(answer.result());
        } else if (question.message().method().equals(Method.ELICITATION_CREATE)) {
            question.answer().complete(CANCEL);
        } else {
            String why = answer == null ? "" : ": " + Text.oneLine(answer.error(), QUOTED_MAX);
            question.answer()
                    .completeExceptionally(new Refused(
                            "The client did not answer " + question.message().method() + why));
        }
    }

    /** The client need not go on with what is open. */
    void withdraw(String reason) {
        for (Question question : questions) {
            if (question.answer().complete(CANCEL)) {
                exchange.tell(Message.notification(
                        Method.CANCELLED,
                        "{\"requestId\":" + question.message().id() + ",\"reason\":" + JsonText.quote(reason) + "}"));
            }
        }
    }
}
