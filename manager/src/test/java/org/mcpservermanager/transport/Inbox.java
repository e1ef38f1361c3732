package org.mcpservermanager.transport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.mcpservermanager.protocol.Message;

/** Keeps what a link tells, and waits for it. */
final class Inbox implements Link.Receiver {
    final List<Message> messages = new CopyOnWriteArrayList<>();
    final List<String> noise = new CopyOnWriteArrayList<>();
    final List<String> closed = new CopyOnWriteArrayList<>();
    volatile boolean failing;

    @Override
    public void onMessage(Message message) {
        messages.add(message);
        changed();
    }

    @Override
    public void onNoise(String excerpt) {
        noise.add(excerpt);
        changed();
    }

    @Override
    public void onClosed(String reason) {
        closed.add(reason);
        changed();
    }

    private synchronized void changed() {
        notifyAll();
        if (failing) {
            throw new IllegalStateException("a receiver that fails");
        }
    }

    synchronized void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError(
                        "waited in vain; messages " + messages.size() + ", noise " + noise + ", closed " + closed);
            }
            // conditions may be about more than this inbox
            wait(Math.min(left, 10));
        }
    }
}
