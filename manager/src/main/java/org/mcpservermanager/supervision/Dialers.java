package org.mcpservermanager.supervision;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.health.Probe;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.transport.OutputReader;
import org.mcpservermanager.transport.Web;

/** Reaches each server in its own way; waits for one that we started until it listens. */
final class Dialers implements Dialer {
    private static final Duration PAUSE_FIRST = Duration.ofMillis(50);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

    private final Web web;
    private final Dialer stdio;
    private final Dialer http;
    private final Dialer sockets;
    private final Dialer custom;
    private final Customs customs;

    Dialers(Opener opener, Web web, Customs customs, ScheduledExecutorService timer) {
        this.web = web;
        this.custom = new CustomDialer(opener, timer);
        this.customs = customs;
        this.stdio = new StdioDialer(opener, timer);
        this.http = new HttpDialer(web, timer);
        this.sockets = new SocketDialer(web, timer);
    }

    /** Over the network another connection is enough, and is made at once. */
    @Override
    public boolean mayAsk(ServerSpec spec) {
        return spec.wire() instanceof Wire.Stdio && stdio.mayAsk(spec)
                || spec.wire() instanceof Wire.Custom && custom.mayAsk(spec);
    }

    @Override
    public void validate(ServerSpec spec) {
        customs.validate(spec);
    }

    @Override
    public Child elsewhere(ServerSpec spec) {
        return spec.wire() instanceof Wire.Custom ? new InJvm(spec, customs, web::run) : new Elsewhere();
    }

    @Override
    public Optional<Probe> outside(HealthPolicy.Way way, ServerSpec reached, Child child) {
        if (way.kind() != HealthPolicy.Kind.CUSTOM) {
            return Outside.of(way, reached.wire(), web);
        }
        if (!way.bean().isEmpty()) {
            return Optional.of(CustomProbe.of(way.bean(), reached.id(), customs));
        }
        return child instanceof InJvm server ? Optional.of(server.health()) : Optional.empty();
    }

    @Override
    public void hear(ServerSpec spec, Child child, Listener listener) {
        if (spec.wire() instanceof Wire.Stdio) {
            stdio.hear(spec, child, listener);
        } else if (!(spec.wire() instanceof Wire.Custom) && !(child instanceof Elsewhere)) {
            OutputReader.start(spec.id(), child.stderr(), new Gaps(listener::onErrorLine));
            OutputReader.start(spec.id(), child.stdout(), new Gaps(listener::onNoise));
        }
    }

    @Override
    public CompletionStage<Conversation> dial(
            ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener) {
        if (spec.wire() instanceof Wire.Stdio) {
            return stdio.dial(spec, child, offered, owner, listener);
        }
        if (spec.wire() instanceof Wire.Custom) {
            return custom.dial(spec, child, offered, owner, listener);
        }
        Dialer network = spec.wire() instanceof Wire.Http ? http : sockets;
        if (child instanceof Elsewhere) {
            return network.dial(spec, child, offered, owner, listener);
        }
        return patiently(
                () -> network.dial(spec, child, offered, owner, listener),
                child,
                PAUSE_FIRST,
                System.nanoTime() + spec.startupLimit().toNanos());
    }

    private interface Attempt {
        CompletionStage<Conversation> dial();
    }

    /** A process listens some time after it was started, and until then refuses. */
    private CompletionStage<Conversation> patiently(Attempt attempt, Child child, Duration pause, long deadline) {
        return attempt.dial().exceptionallyCompose(failure -> {
            boolean hope = !child.exited().isDone() && System.nanoTime() < deadline && isUnreachable(failure);
            return hope
                    ? later(pause).thenCompose(none -> patiently(attempt, child, longer(pause), deadline))
                    : CompletableFuture.failedStage(failure);
        });
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : twice;
    }

    private CompletableFuture<Void> later(Duration pause) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        web.later(pause.toMillis(), () -> over.complete(null));
        return over;
    }

    private static boolean isUnreachable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ProblemException known && known.problem().code().equals(Problem.UNREACHABLE);
    }
}
