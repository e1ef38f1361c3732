package org.mcpservermanager.gateway.modern;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;

/** What one call asked and was answered. Keys depend on the order of the questions alone, so that a second run has the same. */
final class Questionnaire {
    private final String hint;
    private final Map<String, CallState.Given> history = new LinkedHashMap<>();
    private final Map<String, CallState.Given> known;
    private final Map<String, Question> open = new LinkedHashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();

    /**
     * @param hint the member of a question's {@code _meta} that names its key, empty for none
     * @param known answers to questions that may come; one without a digest answers whatever has its key
     */
    Questionnaire(String hint, Map<String, CallState.Given> known) {
        this.hint = hint;
        this.known = known;
    }

    /** Takes the question in; its answer when it is known already. */
    Optional<Message> add(Question question) {
        String key = key(question.message());
        CallState.Given given = known.remove(key);
        boolean fits = given != null
                && (given.question().isEmpty() || given.question().equals(question.digest()))
                && question.accepts(given.answer());
        if (!fits) {
            open.put(key, question);
            return Optional.empty();
        }
        history.put(key, new CallState.Given(question.digest(), given.answer()));
        return Optional.of(question.answered(given.answer()));
    }

    private String key(Message question) {
        String named =
                hint.isEmpty() ? "" : RawObject.of(question.rawParam("_meta")).text(hint);
        if (named.isEmpty()) {
            String kind = Question.kind(question.method());
            return kind + "-" + uses.merge(kind + "-", 1, Integer::sum);
        }
        int use = uses.merge(named, 1, Integer::sum);
        return use == 1 ? named : named + "-" + use;
    }

    /** @param responses what the client sent, by key; what fits no open question is left out */
    Map<Question, Message> answer(Map<String, String> responses) {
        Map<Question, Message> answers = new LinkedHashMap<>();
        responses.forEach((key, raw) -> {
            Question question = open.get(key);
            if (question != null && question.accepts(raw)) {
                open.remove(key);
                history.put(key, new CallState.Given(question.digest(), raw));
                answers.put(question, question.answered(raw));
            }
        });
        return answers;
    }

    /** The server takes a question back. */
    Optional<Question> withdraw(String rawId) {
        Optional<String> key = open.entrySet().stream()
                .filter(each -> each.getValue().message().id().equals(rawId))
                .map(Map.Entry::getKey)
                .findFirst();
        return key.map(open::remove);
    }

    List<Question> removeAll() {
        List<Question> all = new ArrayList<>(open.values());
        open.clear();
        return all;
    }

    List<Question> open() {
        return List.copyOf(open.values());
    }

    int asked() {
        return history.size() + open.size();
    }

    CallState state(String place, String subject, int round, long expiry) {
        Map<String, String> digests = new LinkedHashMap<>();
        open.forEach((key, question) -> digests.put(key, question.digest()));
        return new CallState(place, subject, round, history, digests, expiry);
    }

    /** The result of a round. */
    String toResult(String requestState) {
        return inputRequired(toRequests(), requestState);
    }

    /** The open questions, as {@code inputRequests}. */
    String toRequests() {
        RawObject requests = RawObject.of("");
        open.forEach((key, question) -> requests.put(key, question.toInputRequest()));
        return requests.toString();
    }

    static String inputRequired(String inputRequests, String requestState) {
        return "{\"resultType\":\"input_required\",\"inputRequests\":" + inputRequests + ",\"requestState\":"
                + JsonText.quote(requestState) + "}";
    }
}
