package org.mcpservermanager.conversation;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.mcpservermanager.protocol.Message;

/** A client session that keeps what it hears and answers questions by a function. */
final class TestClient implements Client {
    static final Profile ASKABLE = new Profile(
            "2025-11-25",
            "{\"elicitation\":{}, \"sampling\":{}, \"roots\":{\"listChanged\":true}}",
            "{\"name\":\"test\",\"version\":\"1\",\"x\":1e400}",
            true);

    static final Profile MODERN =
            new Profile("2026-07-28", "{\"elicitation\":{}}", "{\"name\":\"modern\",\"version\":\"3\"}", true);

    private final Profile profile;
    volatile boolean gone;

    TestClient() {
        this(ASKABLE);
    }

    TestClient(Profile profile) {
        this.profile = profile;
    }

    final List<Message> told = new CopyOnWriteArrayList<>();
    final List<Message> asked = new CopyOnWriteArrayList<>();
    Function<Message, CompletionStage<Message>> answers =
            question -> CompletableFuture.completedFuture(Message.result(question.id(), "{\"by\":\"client\"}"));

    @Override
    public Profile profile() {
        return profile;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public void tell(Message notification) {
        told.add(notification);
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        asked.add(question);
        return answers.apply(question);
    }
}
