package org.mcpservermanager.conversation;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Timeouts;

/**
 * What a conversation is opened with.
 *
 * @param offered what the server is told of its client at initialize
 * @param handshake how long initialize may take
 * @param request how long a call may be silent: progress and answered questions start it anew
 * @param requestMax how long a call may take however lively it is, questions included
 */
public record Terms(
        ServerId server,
        Profile offered,
        Owner owner,
        ConversationListener listener,
        ScheduledExecutorService timer,
        Duration handshake,
        Duration request,
        Duration requestMax) {
    private static final Duration REQUEST_MAX_AT_LEAST = Duration.ofMinutes(15);
    private static final int LIVELY_FACTOR = 10;
    private static final Duration REQUEST_USUAL_MAX = REQUEST_MAX_AT_LEAST.dividedBy(LIVELY_FACTOR);

    public Terms {
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(offered, "offered");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(timer, "timer");
        Objects.requireNonNull(handshake, "handshake");
        Objects.requireNonNull(request, "request");
        if (requestMax.compareTo(request) < 0) {
            throw new IllegalArgumentException(
                    "requestMax: " + requestMax + " (expected: at least request, " + request + ")");
        }
    }

    /** For everybody; {@code offered} is the manager's own profile. */
    public static Terms shared(
            ServerId server,
            Profile offered,
            ConversationListener listener,
            ScheduledExecutorService timer,
            Timeouts timeouts) {
        return of(server, offered, new Owner.Shared(), listener, timer, timeouts);
    }

    /** For one client, whose profile is offered as it is. */
    public static Terms dedicated(
            ServerId server,
            Client client,
            ConversationListener listener,
            ScheduledExecutorService timer,
            Timeouts timeouts) {
        return of(server, client.profile(), new Owner.Dedicated(client), listener, timer, timeouts);
    }

    private static Terms of(
            ServerId server,
            Profile offered,
            Owner owner,
            ConversationListener listener,
            ScheduledExecutorService timer,
            Timeouts timeouts) {
        Duration request = timeouts.request();
        Duration requestMax =
                request.compareTo(REQUEST_USUAL_MAX) > 0 ? request.multipliedBy(LIVELY_FACTOR) : REQUEST_MAX_AT_LEAST;
        return new Terms(server, offered, owner, listener, timer, timeouts.startup(), request, requestMax);
    }
}
