package org.mcpservermanager.routing;

import org.mcpservermanager.conversation.Call;

/** The call behind an exchange that may still wait for its server: a cancellation reaches it now or when it begins. */
final class RoutedCall implements Call {
    private final Routed exchange;
    private Call begun; // guarded by this
    private String cancelledBecause; // guarded by this

    RoutedCall(Routed exchange) {
        this.exchange = exchange;
    }

    /** @return false when it was cancelled meanwhile and must not be sent */
    synchronized boolean isWanted() {
        return cancelledBecause == null;
    }

    void begun(Call call) {
        String reason;
        synchronized (this) {
            begun = call;
            reason = cancelledBecause;
        }
        if (reason != null) {
            call.cancel(reason);
        }
    }

    @Override
    public void cancel(String reason) {
        Call running;
        synchronized (this) {
            if (cancelledBecause != null) {
                return;
            }
            cancelledBecause = reason;
            running = begun;
        }
        exchange.cancelled();
        if (running != null) {
            running.cancel(reason);
        }
    }
}
