package org.mcpservermanager.conversation;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;

/** A listener that keeps what it hears. */
final class Heard implements ConversationListener {
    final List<Message> notifications = new CopyOnWriteArrayList<>();
    final List<String> noise = new CopyOnWriteArrayList<>();
    final CompletableFuture<Problem> closed = new CompletableFuture<>();

    @Override
    public void onNotification(Message notification) {
        notifications.add(notification);
    }

    @Override
    public void onNoise(String excerpt) {
        noise.add(excerpt);
    }

    @Override
    public void onClosed(Problem cause) {
        closed.complete(cause);
    }
}
