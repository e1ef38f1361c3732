package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.protocol.Message;

/** What an older server asks within a task, until the client answers by an update. Guarded by this; nothing is called with it. */
final class TaskQuestions {
    private static final int QUESTIONS_MAX = 64;

    private final Bridge bridge;
    private final Abilities abilities;
    private final Runnable onQuiet;
    private final Runnable onClosed;
    private final Questionnaire all;
    private final Quiet quiet;
    private boolean over;

    /**
     * @param onQuiet called when questions came and nothing more is asked for a moment
     * @param onClosed called when fewer questions are open than before
     */
    TaskQuestions(Bridge bridge, Abilities abilities, Runnable onQuiet, Runnable onClosed) {
        this.bridge = bridge;
        this.abilities = abilities;
        this.onQuiet = onQuiet;
        this.onClosed = onClosed;
        this.quiet = new Quiet(bridge.timer());
        this.all = new Questionnaire(bridge.settings().inputKeyHint(), new HashMap<>());
    }

    CompletionStage<Message> ask(Message message) {
        Question question = new Question(message);
        Optional<Message> refusal;
        synchronized (this) {
            refusal = refusal(message);
            if (refusal.isEmpty()) {
                all.add(question);
                quiet.begin(bridge.settings().quiet(), any -> onQuiet.run());
            }
        }
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(refusal.get());
        }
        Future<?> expiry =
                after(bridge.settings().patience(), () -> withdraw(message.id(), "the client did not answer"));
        return question.answer().whenComplete((answer, failure) -> expiry.cancel(false));
    }

    private Future<?> after(Duration delay, Runnable action) {
        return bridge.timer().schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Guarded by this. */
    private Optional<Message> refusal(Message message) {
        if (over || Question.kind(message.method()).isEmpty() || all.asked() >= QUESTIONS_MAX) {
            return Optional.of(Question.refused(message, "it cannot be asked within this task"));
        }
        return abilities.missingFor(message).isEmpty()
                ? Optional.empty()
                : Optional.of(Question.refused(message, "the client did not declare the capability"));
    }

    synchronized boolean isEmpty() {
        return all.open().isEmpty();
    }

    /** The open ones, as {@code inputRequests}. */
    synchronized String toRequests() {
        return all.toRequests();
    }

    void answer(Map<String, String> responses) {
        Map<Question, Message> answers;
        synchronized (this) {
            answers = all.answer(responses);
        }
        answers.forEach((question, answer) -> question.answer().complete(answer));
        if (!answers.isEmpty()) {
            onClosed.run();
        }
    }

    void withdraw(String rawId, String why) {
        Optional<Question> withdrawn;
        synchronized (this) {
            withdrawn = all.withdraw(rawId);
        }
        withdrawn.ifPresent(question -> {
            question.answer().complete(question.abandoned(why));
            onClosed.run();
        });
    }

    void end(String why) {
        List<Question> unanswered;
        synchronized (this) {
            over = true;
            quiet.cancel();
            unanswered = all.removeAll();
        }
        unanswered.forEach(question -> question.answer().complete(question.abandoned(why)));
    }
}
