package org.mcpservermanager.supervision;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.transport.Web;

/** Reaches each server in its own way. */
final class Dialers implements Dialer {
    private final Dialer stdio;
    private final Dialer http;

    Dialers(Web web, ScheduledExecutorService timer) {
        this.stdio = new StdioDialer(timer);
        this.http = new HttpDialer(web, timer);
    }

    @Override
    public CompletionStage<Conversation> dial(
            ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener) {
        Dialer dialer = spec.wire() instanceof Wire.Stdio ? stdio : http;
        return dialer.dial(spec, child, offered, owner, listener);
    }
}
