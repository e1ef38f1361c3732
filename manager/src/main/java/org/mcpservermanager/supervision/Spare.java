package org.mcpservermanager.supervision;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.StartStep;

/**
 * A copy whose process runs and was told nothing yet: starting takes long, the handshake does not. It becomes the copy of the first
 * client that claims it; until then whatever happens to it is nobody's loss. Guarded by this; nobody is told while holding it.
 */
final class Spare implements Copy.Observer, Dialer {
    private static final Profile NOBODY = new Profile("", "{}", "{}", false);

    private final ServerSpec spec;
    private final long number;
    private final Surroundings surroundings;
    private final Consumer<Spare> onEnded;
    private final Copy copy;
    private Heir heir; // null while it is nobody's
    private boolean ended;
    private Future<?> expiry = CompletableFuture.completedFuture(null);
    private final EarlyLines early = new EarlyLines();
    private Waiting waiting; // null before its process runs, and once it is spoken to

    private record Heir(Client client, Copy.Observer observer) {}

    private record Waiting(
            ServerSpec reached, Child child, Listener listener, CompletableFuture<Conversation> conversation) {}

    /** @param onEnded told when it ended by itself and was still nobody's */
    Spare(ServerSpec spec, long number, Surroundings surroundings, Consumer<Spare> onEnded) {
        this.spec = spec;
        this.number = number;
        this.surroundings = surroundings;
        this.onEnded = onEnded;
        this.copy = new Copy(spec, number, NOBODY, new Owner.Shared(), this);
    }

    ServerSpec spec() {
        return spec;
    }

    long number() {
        return number;
    }

    Copy copy() {
        return copy;
    }

    void start() {
        copy.start(Means.of(surroundings).dialedBy(this));
    }

    /** From now on it is that client's; false when it ended before. */
    synchronized boolean claim(Client client, Copy.Observer observer) {
        if (ended || heir != null) {
            return false;
        }
        heir = new Heir(client, observer);
        expiry.cancel(false);
        return true;
    }

    synchronized void expiresBy(Future<?> alarm) {
        expiry = alarm;
        if (ended || heir != null) {
            alarm.cancel(false);
        }
    }

    /** Shakes hands for the client that claimed it, now or as soon as its process runs. */
    void begin() {
        heirsObserver().ifPresent(observer -> early.release(observer::onOutput));
        Waiting ready;
        synchronized (this) {
            ready = waiting;
            waiting = null;
        }
        if (ready != null) {
            surroundings.executor().execute(() -> dial(ready));
        }
    }

    private void dial(Waiting ready) {
        dial(ready.reached(), ready.child(), ready.listener()).whenComplete((opened, failure) -> {
            if (failure == null) {
                ready.conversation().complete(opened);
            } else {
                ready.conversation()
                        .completeExceptionally(
                                failure instanceof CompletionException && failure.getCause() != null
                                        ? failure.getCause()
                                        : failure);
            }
        });
    }

    private CompletionStage<Conversation> dial(ServerSpec reached, Child child, Listener listener) {
        Client client = heir().orElseThrow().client();
        return surroundings.dialer().dial(reached, child, client.profile(), new Owner.Dedicated(client), listener);
    }

    @Override
    public void hear(ServerSpec reached, Child child, Listener listener) {
        surroundings.dialer().hear(reached, child, listener);
    }

    @Override
    public CompletionStage<Conversation> dial(
            ServerSpec reached, Child child, Profile offered, Owner owner, Listener listener) {
        synchronized (this) {
            if (heir == null) {
                waiting = new Waiting(reached, child, listener, new CompletableFuture<>());
                return waiting.conversation();
            }
        }
        return dial(reached, child, listener);
    }

    private synchronized Optional<Heir> heir() {
        return Optional.ofNullable(heir);
    }

    private Optional<Copy.Observer> heirsObserver() {
        return heir().map(Heir::observer);
    }

    @Override
    public void onStep(StartStep step) {
        if (step == StartStep.HANDSHAKE) {
            surroundings.spawned(spec.id(), this);
        }
    }

    @Override
    public void onReady(Conversation conversation) {
        heirsObserver().ifPresent(observer -> observer.onReady(conversation));
    }

    @Override
    public void onRefused(LaunchRefused refusal) {
        // first of all, as it may be the one that tries: given back before, it would not count as having failed
        surroundings.refused(spec.id(), refusal);
        surroundings.slots().release(this);
        over().ifPresentOrElse(observer -> observer.onRefused(refusal), () -> onEnded.accept(this));
    }

    @Override
    public void onEnded(Problem problem, Optional<Exit> exit) {
        surroundings.slots().release(this);
        over().ifPresentOrElse(observer -> observer.onEnded(problem, exit), () -> onEnded.accept(this));
    }

    /** Nobody can claim it any more. */
    private synchronized Optional<Copy.Observer> over() {
        ended = true;
        expiry.cancel(false);
        return heirsObserver();
    }

    @Override
    public void onExited(long pid, Exit exit, boolean expected) {
        surroundings.events().publish(surroundings.exitOf(spec.id(), number, pid, exit, expected));
    }

    @Override
    public void onEscaped(List<Long> pids) {
        surroundings.escaped(spec.id(), pids);
    }

    @Override
    public void onNotification(Message notification) {
        heirsObserver().ifPresent(observer -> observer.onNotification(notification));
    }

    @Override
    public void onOutput(boolean error, String line) {
        if (!early.keep(error, line)) {
            heirsObserver().ifPresent(observer -> observer.onOutput(error, line));
        }
    }
}
