package org.mcpservermanager.conversation;

import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Message;

/** An exchange in front of another one: whatever it does not change passes on. */
public interface ForwardingExchange extends Exchange {
    Exchange inner();

    @Override
    default Message request() {
        return inner().request();
    }

    @Override
    default Client client() {
        return inner().client();
    }

    @Override
    default void tell(Message notification) {
        inner().tell(notification);
    }

    @Override
    default CompletionStage<Message> ask(Message question) {
        return inner().ask(question);
    }

    @Override
    default void refused(Message question) {
        inner().refused(question);
    }

    @Override
    default void complete(Message response) {
        inner().complete(response);
    }
}
