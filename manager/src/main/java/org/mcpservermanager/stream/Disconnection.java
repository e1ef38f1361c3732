package org.mcpservermanager.stream;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/** Tells when the container gives a request up. */
record Disconnection(Runnable gone) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
        gone.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        gone.run();
    }

    @Override
    public void onError(AsyncEvent event) {
        gone.run();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // nothing to tell: the request goes on
    }
}
