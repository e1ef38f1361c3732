package org.mcpservermanager.conversation;

import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Message;

/**
 * One client's request on its way; free of any protocol era. It can be told things, asked back, and ends in one outcome. Methods
 * are called from the link's reader thread and must not block.
 */
public interface Exchange {
    /** As the client sent it (own id, own progress token), with the name and URI the server knows. */
    Message request();

    Client client();

    /** Progress or log of this call, progress token already the client's; in order, before the outcome. */
    void tell(Message notification);

    /** A question of the server within this call. Completes with the client's answer, carrying the id of the question. */
    CompletionStage<Message> ask(Message question);

    /** The outcome, carrying the client's own id; the first call counts, later ones are ignored. */
    void complete(Message response);
}
