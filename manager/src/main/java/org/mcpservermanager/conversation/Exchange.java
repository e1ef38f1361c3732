package org.mcpservermanager.conversation;

import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Message;

/**
 * One client's request on its way. It can be told things, asked back, and ends in one outcome. Methods are called from the link's
 * reader thread and must not block.
 *
 * <p>Where client and server are of one era, everything passes untouched, {@code _meta} and {@code input_required} included. Where
 * they differ, the side that is modern translates, so that legacy code never learns of the modern era: a modern dialect sends a
 * legacy server legacy requests and answers its questions through {@link #ask}; a conversation with a modern server gives a
 * legacy exchange legacy results and puts {@code input_required} to it as questions.
 */
public interface Exchange {
    /** As the client sent it (own id, own progress token), with the name and URI the server knows. */
    Message request();

    Client client();

    /** Progress or log of this call, progress token already the client's; in order, before the outcome. */
    void tell(Message notification);

    /** A question of the server within this call. Completes with the client's answer, carrying the id of the question. */
    default CompletionStage<Message> ask(Message question) {
        return client().ask(question);
    }

    /** A question of the server, for sure within this call, that was refused because the client did not declare that it can be asked. */
    default void refused(Message question) {
        // most clients learn of it by what the server makes of the refusal
    }

    /** The outcome, carrying the client's own id; the first call counts, later ones are ignored. */
    void complete(Message response);
}
