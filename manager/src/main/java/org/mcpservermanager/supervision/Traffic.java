package org.mcpservermanager.supervision;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts the requests of clients to one server. */
public final class Traffic {
    private final LongAdder requests = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final AtomicInteger inFlight = new AtomicInteger();

    public void began() {
        requests.increment();
        inFlight.incrementAndGet();
    }

    /** @param nanos how long it took */
    public void finished(boolean isError, long nanos) {
        inFlight.decrementAndGet();
        ended.increment();
        this.nanos.add(nanos);
        if (isError) {
            errors.increment();
        }
    }

    long requests() {
        return requests.sum();
    }

    long errors() {
        return errors.sum();
    }

    Window.Totals totals(long restarts) {
        return new Window.Totals(ended.sum(), errors.sum(), nanos.sum(), restarts);
    }

    int inFlight() {
        return inFlight.get();
    }
}
