package org.mcpservermanager.gateway;

import org.mcpservermanager.gateway.modern.RequestMeta;
import org.mcpservermanager.gateway.modern.Visit;
import org.mcpservermanager.protocol.Message;

/** A stateless client's request to a server of which it does not see all. */
record CurtainedVisit(Visit inner, Curtain curtain) implements Visit {
    @Override
    public Message request() {
        return inner.request();
    }

    @Override
    public RequestMeta meta() {
        return inner.meta();
    }

    @Override
    public void tell(Message notification) {
        inner.tell(notification);
    }

    @Override
    public void end(Message response) {
        inner.end(curtain.outward(request().method(), response));
    }

    @Override
    public void onGone(Runnable listener) {
        inner.onGone(listener);
    }
}
