package org.mcpservermanager.supervision;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.LegacyConversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.conversation.Terms;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.transport.LineSink;
import org.mcpservermanager.transport.OutputReader;
import org.mcpservermanager.transport.StdioLink;

/** Speaks MCP with a child over its pipes. */
final class StdioDialer implements Dialer {
    private final ScheduledExecutorService timer;

    StdioDialer(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    @Override
    public CompletionStage<Conversation> dial(
            ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener) {
        OutputReader.start(spec.id(), child.stderr(), new ErrorLines(listener));
        Terms terms = Hears.terms(spec, offered, owner, new Hears(listener, UnaryOperator.identity()), timer);
        return LegacyConversation.open(StdioLink.over(spec.id(), child), terms);
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
}
