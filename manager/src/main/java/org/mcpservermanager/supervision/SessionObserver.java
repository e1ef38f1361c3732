package org.mcpservermanager.supervision;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.StartStep;

/**
 * What becomes of the news of one session's copy.
 *
 * @param onOver told that the copy serves no more, and why
 */
record SessionObserver(
        ServerId server,
        Surroundings surroundings,
        long number,
        Client client,
        CompletableFuture<Conversation> opened,
        SessionCopies.OutputListener output,
        Consumer<Problem> onOver)
        implements Copy.Observer {

    @Override
    public void onStep(StartStep step) {
        // A session's copy has no steps to show: its server's phase stays what it is.
        if (step == StartStep.HANDSHAKE) {
            surroundings.spawned(server, opened);
        }
    }

    @Override
    public void onReady(Conversation conversation) {
        opened.complete(conversation);
    }

    @Override
    public void onRefused(LaunchRefused refusal) {
        surroundings.refused(server, refusal);
        surroundings.slots().release(opened);
        onOver.accept(refusal.problem());
    }

    @Override
    public void onEnded(Problem problem, Optional<Exit> exit) {
        onOver.accept(problem);
    }

    @Override
    public void onExited(long pid, Exit exit, boolean expected) {
        surroundings.events().publish(surroundings.exitOf(server, number, pid, exit, expected));
    }

    @Override
    public void onEscaped(List<Long> pids) {
        surroundings.escaped(server, pids);
    }

    @Override
    public void onNotification(Message notification) {
        client.tell(notification);
    }

    @Override
    public void onOutput(boolean error, String line) {
        output.onOutput(error, number, line);
    }
}
