package org.mcpservermanager.supervision;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.mcpservermanager.conversation.ConversationListener;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.conversation.Terms;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Timeouts;

/**
 * Passes on what a conversation hears beside answers.
 *
 * @param cause may know better why a conversation was closed
 */
record Hears(Dialer.Listener listener, UnaryOperator<Problem> cause) implements ConversationListener {
    static Terms terms(
            ServerSpec spec, Profile offered, Owner owner, ConversationListener hears, ScheduledExecutorService timer) {
        return owner instanceof Owner.Dedicated dedicated
                ? Terms.dedicated(spec.id(), dedicated.client(), hears, timer, timeouts(spec))
                : Terms.shared(spec.id(), offered, hears, timer, timeouts(spec));
    }

    /** How long a handshake may take depends on what the server shows meanwhile: whoever starts it decides, this is the end. */
    private static Timeouts timeouts(ServerSpec spec) {
        Timeouts own = spec.timeouts();
        return new Timeouts(spec.startupLimit(), own.request(), own.endOfInput(), own.stop());
    }

    @Override
    public void onNotification(Message notification) {
        listener.onNotification(notification);
    }

    @Override
    public void onNoise(String excerpt) {
        listener.onNoise(excerpt);
    }

    @Override
    public void onClosed(Problem closed) {
        listener.onClosed(cause.apply(closed));
    }
}
