package org.mcpservermanager.supervision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mcpservermanager.custom.CustomServer;
import org.mcpservermanager.health.Probe;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Text;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.transport.InJvmLink;
import org.mcpservermanager.transport.Lane;

/**
 * Stands where a process would, for a copy of a custom server. What a process tree is to others are here the threads that its code
 * runs on: it is empty when all have returned, and a thread cannot be killed.
 */
final class InJvm implements Processless {
    private static final System.Logger LOG = System.getLogger(InJvm.class.getName());
    private static final Duration STOP_AT_LEAST = Duration.ofMillis(500);
    private static final Duration RETURN_MAX = Duration.ofMillis(500);

    private final ServerSpec spec;
    private final Wire.Custom wire;
    private final Customs.Shelf<CustomServer> shelf;
    private final Instant startedAt = Instant.now();
    private final Lane keeper;
    private final InJvmLink link;
    private final Voice voice;
    private final CustomConnection connection;
    private final CompletableFuture<Exit> exited = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile Customs.Lent<CustomServer> lent; // set by the keeper

    InJvm(ServerSpec spec, Customs customs, Executor executor) {
        this.spec = spec;
        this.wire = (Wire.Custom) spec.wire();
        this.shelf = customs.servers();
        ThreadFactory named = task -> {
            Thread thread = customs.threads().newThread(task);
            thread.setName("mcp-custom-" + spec.id());
            thread.setDaemon(true);
            return thread;
        };
        this.keeper = new Lane(1, named);
        this.link = new InJvmLink(new Server(), named, executor);
        this.voice = new Voice(new Mailbox(executor));
        this.connection = new CustomConnection(spec.id(), wire, link, voice);
    }

    InJvmLink link() {
        return link;
    }

    /** Makes the bean and starts it. */
    CompletableFuture<Void> start(Dialer.Listener hears) {
        voice.heardBy(hears::onErrorLine);
        CompletableFuture<Void> started = new CompletableFuture<>();
        keeper.execute(() -> {
            try {
                if (!stopping.get()) {
                    lent = shelf.lend(wire.bean());
                    lent.object().start(connection);
                }
                started.complete(null);
            } catch (Throwable thrown) {
                // whatever it is, it is the server's
                started.completeExceptionally(new ProblemException(broken("start", thrown)));
            }
        });
        return started;
    }

    private Problem broken(String method, Throwable thrown) {
        voice.say(thrown);
        return new Problem(
                Problem.BEAN_FAILED,
                "bean \"" + wire.bean() + "\" of server \"" + spec.id() + "\" threw in " + method + ": "
                        + words(thrown),
                "Look at the output of the server for where.");
    }

    static String words(Throwable thrown) {
        String message = thrown.getMessage() == null ? "" : ": " + Text.oneLine(thrown.getMessage(), 200);
        return thrown.getClass().getName() + message;
    }

    /** As the server itself says. */
    Probe health() {
        Callable<Optional<String>> question = () -> lent.object().health(connection);
        return new CustomProbe("health() of bean \"" + wire.bean() + "\"", question, link.requests());
    }

    private final class Server implements InJvmLink.Peer {
        @Override
        public void handle(Message message) throws Exception {
            lent.object().handle(new String(message.bytes(), UTF_8), connection);
        }

        @Override
        public Problem broken(Message at, Throwable thrown) {
            return InJvm.this.broken("handle(" + (at.isResponse() ? "answer" : at.method()) + ")", thrown);
        }
    }

    /** The first call begins the end; each interrupts what has not returned by its own ladder. */
    @Override
    public CompletableFuture<Boolean> stop(Duration endOfInput, Duration term) {
        Duration whole = endOfInput.plus(term);
        Duration patience = whole.compareTo(STOP_AT_LEAST) < 0 ? STOP_AT_LEAST : whole;
        if (stopping.compareAndSet(false, true)) {
            begin();
        }
        after(endOfInput, link::interrupt);
        after(patience, keeper::interrupt);
        CompletableFuture<Boolean> verdict = treeEmpty().thenApply(none -> true);
        after(patience.plus(RETURN_MAX), () -> {
            if (verdict.complete(false)) {
                tellWhoHangs();
            }
        });
        return verdict;
    }

    private void begin() {
        link.close();
        // the one in start() has nothing else to tell it
        keeper.interrupt();
        keeper.execute(() -> {
            try {
                if (lent != null) {
                    lent.object().stop(connection);
                }
            } catch (Throwable thrown) {
                // the copy ends all the same
                voice.say(thrown);
                LOG.log(System.Logger.Level.WARNING, broken("stop", thrown)::message);
            } finally {
                stopped.complete(null);
            }
        });
        CompletableFuture.allOf(stopped, link.gone()).thenRun(() -> {
            keeper.execute(this::giveBack);
            keeper.shutdown();
        });
    }

    private void giveBack() {
        try {
            if (lent != null) {
                lent.close();
            }
        } catch (Throwable thrown) {
            LOG.log(System.Logger.Level.WARNING, broken("its destruction", thrown)::message);
        }
    }

    private void tellWhoHangs() {
        String where = keeper.whereabouts() + (keeper.whereabouts().isEmpty() ? "" : "; ") + link.whereabouts();
        String line = "bean \"" + wire.bean() + "\" of server \"" + spec.id()
                + "\" was told to stop, was interrupted, and" + " still runs: " + where;
        LOG.log(System.Logger.Level.WARNING, line);
        voice.say(line);
    }

    /** On the JDK's own timer, which also works when the application is being ended. */
    private static void after(Duration time, Runnable task) {
        CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(task);
    }

    @Override
    public Instant startedAt() {
        return startedAt;
    }

    /** Never: it ends when it is ended, and says before that it is broken. */
    @Override
    public CompletableFuture<Exit> exited() {
        return exited;
    }

    @Override
    public CompletableFuture<Void> treeEmpty() {
        return keeper.ended().copy();
    }
}
