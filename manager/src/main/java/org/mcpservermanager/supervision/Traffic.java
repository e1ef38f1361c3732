package org.mcpservermanager.supervision;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts the requests of clients to one server. */
public final class Traffic {
    private final LongAdder requests = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final AtomicInteger inFlight = new AtomicInteger();

    public void began() {
        requests.increment();
        inFlight.incrementAndGet();
    }

    public void finished(boolean isError) {
        inFlight.decrementAndGet();
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

    int inFlight() {
        return inFlight.get();
    }
}
