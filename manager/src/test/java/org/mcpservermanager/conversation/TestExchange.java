package org.mcpservermanager.conversation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;

/** A call that keeps what comes of it; what it is told and how often it completes is in order of arrival. */
final class TestExchange implements Exchange {
    final CompletableFuture<Message> outcome = new CompletableFuture<>();
    final AtomicInteger completions = new AtomicInteger();
    final List<Message> told = new CopyOnWriteArrayList<>();
    final List<Message> toldBeforeOutcome = new CopyOnWriteArrayList<>();
    final List<Message> asked = new CopyOnWriteArrayList<>();
    final List<Message> refused = new CopyOnWriteArrayList<>();
    Function<Message, CompletionStage<Message>> answers =
            question -> CompletableFuture.completedFuture(Message.result(question.id(), "{\"by\":\"call\"}"));
    private final Message request;
    private final Client client;

    TestExchange(Client client, String request) {
        this.client = client;
        try {
            this.request = Message.parse(request.getBytes(UTF_8));
        } catch (MalformedMessage e) {
            throw new AssertionError(request, e);
        }
    }

    static TestExchange tool(Client client, String id, String tool, String arguments) {
        return new TestExchange(
                client,
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                        + "\",\"arguments\":" + arguments + "}}");
    }

    static TestExchange toolWithProgress(Client client, String id, String token, String tool, String arguments) {
        return new TestExchange(
                client,
                "{\"jsonrpc\":\"2.0\",\"id\":" + id
                        + ",\"method\":\"tools/call\",\"params\":{\"_meta\":{\"progressToken\":" + token
                        + "},\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}}");
    }

    @Override
    public Message request() {
        return request;
    }

    @Override
    public void refused(Message question) {
        refused.add(question);
    }

    @Override
    public Client client() {
        return client;
    }

    @Override
    public void tell(Message notification) {
        told.add(notification);
        if (completions.get() == 0) {
            toldBeforeOutcome.add(notification);
        }
    }

    @Override
    public CompletionStage<Message> ask(Message question) {
        asked.add(question);
        return answers.apply(question);
    }

    @Override
    public void complete(Message response) {
        completions.incrementAndGet();
        outcome.complete(response);
    }

    Message outcome() throws Exception {
        return outcome.get(10, TimeUnit.SECONDS);
    }

    static String text(Message message) {
        return new String(message.bytes(), UTF_8);
    }
}
