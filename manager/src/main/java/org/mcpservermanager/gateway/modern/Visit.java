package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.protocol.Message;

/** One request of a client and the way back to it. A call that asks its client has a visit for every round. */
public interface Visit {
    Message request();

    RequestMeta meta();

    /** Progress or a log of the call; what this client does not want is left out. */
    void tell(Message notification);

    /** Once; the response carries the id of this request. */
    void end(Message response);

    /** Called once when the client went away before the end, at once when it has already. */
    void onGone(Runnable listener);
}
