package org.mcpservermanager.supervision;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.ConversationListener;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.conversation.Terms;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.transport.LineSink;
import org.mcpservermanager.transport.OutputReader;
import org.mcpservermanager.transport.StdioLink;

/** Speaks MCP with a child over its pipes. */
final class StdioDialer implements Dialer {
    private final Opener opener;
    private final ScheduledExecutorService timer;

    StdioDialer(Opener opener, ScheduledExecutorService timer) {
        this.opener = opener;
        this.timer = timer;
    }

    @Override
    public boolean mayAsk(ServerSpec spec) {
        return opener.mayAsk(spec);
    }

    @Override
    public CompletionStage<Conversation> dial(
            ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener) {
        OutputReader.start(spec.id(), child.stderr(), new ErrorLines(listener));
        ConversationListener hears = new Hears(listener);
        Terms terms = owner instanceof Owner.Dedicated dedicated
                ? Terms.dedicated(spec.id(), dedicated.client(), hears, timer, timeouts(spec))
                : Terms.shared(spec.id(), offered, hears, timer, timeouts(spec));
        return opener.open(spec, StdioLink.over(spec.id(), child), terms);
    }

    /** How long a handshake may take depends on what the server shows meanwhile: whoever starts it decides, this is the end. */
    private static Timeouts timeouts(ServerSpec spec) {
        Timeouts own = spec.timeouts();
        return new Timeouts(spec.startupLimit(), own.request(), own.endOfInput(), own.stop());
    }

    /** Says where lines were left out because they came too fast. */
    private static final class ErrorLines implements LineSink {
        private final Listener listener;
        private long last; // only on the reader's thread

        private ErrorLines(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onLine(long sequence, String line) {
            long missing = sequence - last - 1;
            last = sequence;
            if (missing > 0) {
                listener.onErrorLine("... " + missing + " lines came too fast and were left out ...");
            }
            listener.onErrorLine(line);
        }
    }

    private record Hears(Listener listener) implements ConversationListener {
        @Override
        public void onNotification(Message notification) {
            listener.onNotification(notification);
        }

        @Override
        public void onNoise(String excerpt) {
            listener.onNoise(excerpt);
        }

        @Override
        public void onClosed(Problem cause) {
            listener.onClosed(cause.message());
        }
    }
}
