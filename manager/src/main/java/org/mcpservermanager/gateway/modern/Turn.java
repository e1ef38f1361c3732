package org.mcpservermanager.gateway.modern;

import java.util.concurrent.atomic.AtomicBoolean;

/** The time in which one call alone may ask its client at a server. */
final class Turn {
    /** Where questions say whose they are. */
    static final Turn NEEDLESS = new Turn(() -> {});

    private final Runnable onEnd;
    private final AtomicBoolean ended = new AtomicBoolean();

    Turn(Runnable onEnd) {
        this.onEnd = onEnd;
    }

    boolean isNeeded() {
        return this != NEEDLESS;
    }

    /** The first time counts. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            onEnd.run();
        }
    }
}
