package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.conversation.Call;

/** The request for the result of a task, of which there is one at a time. Guarded by this; the call is cancelled without it. */
final class ResultRequest {
    private boolean open;
    private boolean cancelled; // for good
    private Call call = Call.DONE;

    /** False when there is one, or there must be none any more. */
    synchronized boolean open() {
        if (open || cancelled) {
            return false;
        }
        open = true;
        return true;
    }

    synchronized boolean isOpen() {
        return open;
    }

    void begun(Call sent) {
        synchronized (this) {
            call = sent;
            if (!cancelled || !open) {
                return;
            }
        }
        sent.cancel("nobody needs it any more");
    }

    synchronized void answered() {
        open = false;
    }

    void cancel(String why) {
        Call running;
        synchronized (this) {
            cancelled = true;
            running = open ? call : Call.DONE;
        }
        running.cancel(why);
    }
}
