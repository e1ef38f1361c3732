package org.mcpservermanager.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Router;

/** Asks the owners of a session's tasks how these are; who does not answer in time is left out. */
record TaskList(Router router, Client client, SessionTasks tasks) {
    private static final int PAGE = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The result of tasks/list, from this task on. */
    CompletionStage<String> page(int from) {
        List<SessionTasks.Owned> all = tasks.all();
        int to = Math.min(all.size(), from + PAGE);
        List<CompletableFuture<String>> answers =
                all.subList(Math.min(from, to), to).stream().map(this::ask).toList();
        String next = to < all.size() ? ",\"nextCursor\":\"" + to + "\"" : "";
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> answers.stream()
                        .map(CompletableFuture::join)
                        .filter(Objects::nonNull)
                        .filter(task -> !task.isEmpty())
                        .collect(Collectors.joining(",", "{\"tasks\":[", "]" + next + "}")));
    }

    private CompletableFuture<String> ask(SessionTasks.Owned task) {
        Question question = new Question(
                Message.request("1", "tasks/get", "{\"taskId\":" + JsonText.quote(task.own()) + "}"),
                client,
                new CompletableFuture<>());
        Call call = router.send(task.server(), question);
        return question.outcome()
                .completeOnTimeout(question.request(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(response -> shown(task, call, response));
    }

    private String shown(SessionTasks.Owned task, Call call, Message response) {
        if (response.kind() == Message.Kind.REQUEST) {
            call.cancel("no answer in time");
            return "";
        }
        if (response.kind() == Message.Kind.ERROR) {
            if (JsonText.member(response.error(), "code").equals(Integer.toString(RpcError.INVALID_PARAMS))) {
                tasks.remove(task); // its server keeps it no longer
            }
            return "";
        }
        return SessionTasks.renamed(response.result(), task);
    }

    private record Question(Message request, Client client, CompletableFuture<Message> outcome) implements Exchange {
        @Override
        public void tell(Message notification) {
            // how a task is takes no time that could be reported on
        }

        @Override
        public void complete(Message response) {
            outcome.complete(response);
        }
    }
}
