package org.mcpservermanager.conversation;

import java.util.concurrent.CompletionStage;
import org.mcpservermanager.protocol.Message;

/** The client that a question or a log of the server is for: within one of its calls, or outside. */
sealed interface Addressee {
    Client client();

    CompletionStage<Message> ask(Message question);

    void tell(Message notification);

    boolean isWithin(OpenCall call);

    /** It is not asked, as it did not declare that it can be. */
    void refused(Message question);

    void questionOpened();

    void questionClosed();

    static Addressee of(OpenCall call) {
        return new InCall(call);
    }

    static Addressee of(Client client) {
        return new Outside(client);
    }

    record InCall(OpenCall call) implements Addressee {
        @Override
        public Client client() {
            return call.exchange().client();
        }

        @Override
        public CompletionStage<Message> ask(Message question) {
            return call.exchange().ask(question);
        }

        @Override
        public void tell(Message notification) {
            call.exchange().tell(notification);
        }

        @Override
        public boolean isWithin(OpenCall other) {
            return call == other;
        }

        @Override
        public void refused(Message question) {
            call.exchange().refused(question);
        }

        @Override
        public void questionOpened() {
            call.questionOpened();
        }

        @Override
        public void questionClosed() {
            call.questionClosed();
        }
    }

    record Outside(Client client) implements Addressee {
        @Override
        public CompletionStage<Message> ask(Message question) {
            return client.ask(question);
        }

        @Override
        public void tell(Message notification) {
            client.tell(notification);
        }

        @Override
        public boolean isWithin(OpenCall other) {
            return false;
        }

        @Override
        public void refused(Message question) {}

        @Override
        public void questionOpened() {}

        @Override
        public void questionClosed() {}
    }
}
