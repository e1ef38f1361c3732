package org.mcpservermanager.supervision;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.UnaryOperator;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.conversation.Terms;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.ServerSpec;
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
    public void hear(ServerSpec spec, Child child, Listener listener) {
        OutputReader.start(spec.id(), child.stderr(), new Gaps(listener::onErrorLine));
    }

    @Override
    public CompletionStage<Conversation> dial(
            ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener) {
        Terms terms = Hears.terms(spec, offered, owner, new Hears(listener, UnaryOperator.identity()), timer);
        return opener.open(spec, StdioLink.over(spec.id(), child), terms);
    }
}
