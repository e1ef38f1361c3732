package org.mcpservermanager.supervision;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;

/** What a copy hears over its links: passed on, and its lines counted, as they show that it moves. */
final class LinkNews implements Dialer.Listener {
    private final Copy.Observer observer;
    private final Consumer<Problem> onClosed;
    private final LongAdder lines = new LongAdder();

    LinkNews(Copy.Observer observer, Consumer<Problem> onClosed) {
        this.observer = observer;
        this.onClosed = onClosed;
    }

    long lines() {
        return lines.sum();
    }

    @Override
    public void onNotification(Message notification) {
        observer.onNotification(notification);
    }

    @Override
    public void onNoise(String excerpt) {
        lines.increment();
        observer.onOutput(false, excerpt);
    }

    @Override
    public void onErrorLine(String line) {
        lines.increment();
        observer.onOutput(true, line);
    }

    @Override
    public void onClosed(Problem cause) {
        onClosed.accept(cause);
    }
}
