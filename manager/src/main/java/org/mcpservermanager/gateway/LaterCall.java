package org.mcpservermanager.gateway;

import java.util.function.Supplier;
import org.mcpservermanager.conversation.Call;

/** A call that begins when its server is ready, unless it was cancelled before. Guarded by this. */
final class LaterCall implements Call {
    private Call begun = Call.DONE;
    private String cancelled = "";

    void begun(Supplier<Call> start) {
        synchronized (this) {
            if (!cancelled.isEmpty()) {
                return;
            }
        }
        Call call = start.get();
        String reason;
        synchronized (this) {
            begun = call;
            reason = cancelled;
        }
        if (!reason.isEmpty()) {
            call.cancel(reason);
        }
    }

    @Override
    public void cancel(String reason) {
        Call call;
        synchronized (this) {
            cancelled = reason.isEmpty() ? "cancelled" : reason;
            call = begun;
        }
        call.cancel(reason);
    }
}
