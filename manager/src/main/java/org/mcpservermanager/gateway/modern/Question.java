package org.mcpservermanager.gateway.modern;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/** What a server asked within a call. */
final class Question {
    private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");

    private final Message message;
    private final String params;
    private final CompletableFuture<Message> answer = new CompletableFuture<>();

    Question(Message message) {
        this.message = message;
        this.params = RawObject.of(message.params())
                .without("_meta", "task", "elicitationId")
                .toString();
    }

    /** Empty for a method that is no question to a client. */
    static String kind(String method) {
        return switch (method) {
            case Method.ELICITATION_CREATE -> "elicitation";
            case Method.SAMPLING_CREATE_MESSAGE -> "sampling";
            case Method.ROOTS_LIST -> "roots";
            default -> "";
        };
    }

    Message message() {
        return message;
    }

    CompletableFuture<Message> answer() {
        return answer;
    }

    /** As the client sees it in {@code inputRequests}. */
    String toInputRequest() {
        String method = "{\"method\":\"" + message.method() + "\"";
        return params.equals("{}") ? method + "}" : method + ",\"params\":" + params + "}";
    }

    String digest() {
        return Seal.Sha256.text(message.method(), Canonical.of(params));
    }

    /** Whether the text can be the answer; one that cannot is as good as none. */
    boolean accepts(String raw) {
        if (!RawObject.isObject(raw)) {
            return false;
        }
        RawObject given = RawObject.of(raw);
        return switch (message.method()) {
            case Method.ELICITATION_CREATE -> ACTIONS.contains(given.text("action"));
            case Method.SAMPLING_CREATE_MESSAGE -> given.has("content") && given.has("role") && given.has("model");
            default -> given.get("roots").startsWith("[");
        };
    }

    Message answered(String raw) {
        return Message.result(message.id(), raw);
    }

    /** The answer for a server whose client will not come back. */
    Message abandoned(String why) {
        return message.method().equals(Method.ELICITATION_CREATE)
                ? Message.result(message.id(), "{\"action\":\"cancel\"}")
                : Message.error(message.id(), RpcError.of(RpcError.INTERNAL_ERROR, why));
    }

    static Message refused(Message question, String why) {
        return Message.error(
                question.id(), RpcError.of(RpcError.METHOD_NOT_FOUND, question.method() + " is not answered: " + why));
    }
}
