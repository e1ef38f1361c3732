package org.mcpservermanager.manage.rest;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.routing.MessageRelay;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.supervision.Fleet;

/** One JSON-RPC message to one server, without a session. */
@Dependent
public final class Messages {
    static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** The relay ends a call itself; this only ends the wait for a relay that does not. */
    private static final Duration BACKSTOP = Duration.ofSeconds(2);

    private final Fleet fleet;
    private final MessageRelay relay;
    private final Patience patience;
    private final Duration timeout;

    @Inject
    public Messages(Fleet fleet, MessageRelay relay, ScheduledExecutorService executor) {
        this(fleet, relay, executor, TIMEOUT);
    }

    Messages(Fleet fleet, MessageRelay relay, ScheduledExecutorService executor, Duration timeout) {
        this.fleet = fleet;
        this.relay = relay;
        this.patience = new Patience(executor);
        this.timeout = timeout;
    }

    CompletionStage<Reply> send(ServerId id, String message) {
        if (fleet.server(id).isEmpty()) {
            throw Problems.serverNotFound(id.value());
        }
        if (message.isEmpty()) {
            throw Problems.invalid(
                    "The request has no body (expected: one JSON-RPC message).", "Send the message as JSON.");
        }
        return patience.within(
                        timeout.plus(BACKSTOP),
                        () -> relay.relay(id, message, timeout).thenApply(Messages::reply),
                        () -> Reply.of(late(id).problem()))
                .exceptionally(failure -> Reply.of(Problems.of(failure)));
    }

    private static Reply reply(String answer) {
        return answer.isEmpty() ? Reply.ACCEPTED : new Reply(200, answer);
    }

    private ProblemException late(ServerId id) {
        return new ProblemException(new Problem(
                Problem.TIMEOUT,
                "Server '" + id + "' did not answer within " + timeout.toSeconds() + " s.",
                "Try again, or restart the server if it answers nothing at all."));
    }
}
