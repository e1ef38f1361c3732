package org.mcpservermanager.manage.jmx;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Snapshot;

/** A wish that is refused becomes an exception every JMX client can load; one that fails later is only notified. */
final class Refusals {
    private static final Logger LOG = Logger.getLogger(Refusals.class.getName());

    private Refusals() {}

    static void post(Supplier<CompletionStage<Snapshot>> wish) {
        try {
            wish.get().whenComplete((server, failure) -> {
                if (failure != null) {
                    LOG.log(Level.INFO, "an operation asked for by JMX failed", failure);
                }
            });
        } catch (ProblemException e) {
            // Without the cause: its class is not on the client's class path.
            throw new IllegalStateException(e.problem().toString());
        }
    }
}
