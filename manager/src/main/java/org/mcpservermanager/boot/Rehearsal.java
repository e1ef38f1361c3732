package org.mcpservermanager.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.conversation.DirectExchange;
import org.mcpservermanager.conversation.ManagerClient;
import org.mcpservermanager.gateway.Gateway;
import org.mcpservermanager.gateway.GatewaySettings;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.routing.FleetRouter;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.stream.EventStreams;
import org.mcpservermanager.supervision.Servers;

/**
 * Starts, calls and stops a server of the manager's own some times, as every server is, in a fleet and behind a gateway that nobody
 * sees. What would keep all servers from starting on this machine is in the log before one is needed; and the first start and call,
 * which an agent may be waiting for, are not the first that this JVM ever does, which would take it ten times as long.
 */
final class Rehearsal implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Rehearsal.class.getName());
    private static final ServerId ID = new ServerId("rehearsal");
    private static final String SHELL = "/bin/sh";
    /** Its lists are read after each start. */
    private static final GatewaySettings EAGER = new GatewaySettings(
            GatewaySettings.Body.DEFAULT,
            GatewaySettings.Waits.DEFAULT,
            GatewaySettings.Sessions.DEFAULT,
            GatewaySettings.Questions.DEFAULT,
            GatewaySettings.Catalogue.DEFAULT.every(Duration.ZERO),
            EventStreams.Settings.DEFAULT);

    static final int ROUNDS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String TOOL = "rehearse";

    /** As much MCP as a start, a look at its tools and a call need. */
    private static final String SCRIPT =
            """
            while read -r line; do
              case $line in
                *'"initialize"'*)
                  result='"protocolVersion":"2025-11-25","capabilities":{"tools":{}},\
            "serverInfo":{"name":"rehearsal","version":"1"}' ;;
                *'"tools/list"'*) result='"tools":[{"name":"rehearse","inputSchema":{"type":"object"}}]' ;;
                *'"tools/call"'*) result='"content":[{"type":"text","text":"well"}]' ;;
                *'"id":'*) result= ;;
                *) continue ;;
              esac
              id=${line#*'"id":'}
              printf '{"jsonrpc":"2.0","id":%s,"result":{%s}}\\n' "${id%%[,\\}]*}" "$result"
            done""";

    static final ServerSpec SPEC = ServerSpec.of(
                    ID, new Wire.Stdio(SHELL, List.of("-c", SCRIPT), Map.of(), "/"), "the manager's rehearsal")
            .with(new Spoken(Spoken.Choice.LEGACY, ""))
            .draft()
            .autoStart(false)
            .spec();

    private final Servers fleet;
    private final Router router;
    private final Gateway gateway;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private Duration first = Duration.ZERO; // each round comes after the one before
    private Duration last = Duration.ZERO;
    private boolean closed; // guarded by this

    private Rehearsal(Servers fleet, Events events, ScheduledExecutorService timer) {
        this.fleet = fleet;
        this.router = new FleetRouter(fleet, events, Manager.PROFILE, PATIENCE, Clock.systemUTC());
        this.gateway = new Gateway(router, events, timer, EAGER);
    }

    /** Whether there is what the server is made of. */
    static boolean isPossible() {
        return Files.isExecutable(Path.of(SHELL));
    }

    /**
     * Returns at once.
     *
     * @param fleet an empty one for it alone, which it closes
     * @param events of that fleet
     */
    static Rehearsal begin(
            Servers fleet, Events events, ServerSpec spec, Executor executor, ScheduledExecutorService timer) {
        Rehearsal rehearsal = new Rehearsal(fleet, events, timer);
        fleet.add(List.of(spec));
        executor.execute(() -> rehearsal.round(ROUNDS).whenCompleteAsync(rehearsal::tell, executor));
        return rehearsal;
    }

    /** Completes with whether each round went well. */
    CompletableFuture<Boolean> ended() {
        return ended;
    }

    private CompletionStage<Snapshot> round(int left) {
        long began = System.nanoTime();
        return fleet.start(ID).thenCompose(started -> {
            last = Duration.ofNanos(System.nanoTime() - began);
            first = left == ROUNDS ? last : first;
            if (started.phase() != Phase.RUNNING) {
                return fleet.stop(ID, false).thenApply(none -> started);
            }
            return call().thenCompose(answered -> fleet.stop(ID, false))
                    .thenCompose(end -> left > 1 ? round(left - 1) : CompletableFuture.completedFuture(started));
        });
    }

    /** Its answer comes after those that the gateway waits for. */
    private CompletionStage<Message> call() {
        DirectExchange call = new DirectExchange(
                Message.request("1", Method.TOOLS_CALL, "{\"name\":\"" + TOOL + "\",\"arguments\":{}}"),
                new ManagerClient(Manager.PROFILE));
        router.send(ID, call);
        return call.outcome().thenApply(answer -> {
            if (answer.kind() != Message.Kind.RESULT) {
                throw new IllegalStateException("a call was answered with " + answer.error());
            }
            return answer;
        });
    }

    private void tell(Snapshot lastStarted, Throwable failure) {
        boolean well = failure == null && lastStarted.phase() == Phase.RUNNING;
        if (well) {
            LOG.info(() -> "no server is to be started now; start, call and stop were rehearsed " + ROUNDS
                    + " times: a start took first "
                    + first.toMillis() + " ms, last " + last.toMillis() + " ms");
        } else if (!isClosed()) {
            LOG.log(
                    Level.WARNING,
                    "a start was rehearsed and failed, as those of servers may: " + why(lastStarted),
                    failure);
        }
        close();
        ended.complete(well);
    }

    private static String why(Snapshot started) {
        return started == null
                ? "an error of the manager"
                : started.failure()
                        .problem()
                        .map(problem -> problem.message() + " " + problem.remedy())
                        .orElseGet(() -> "it is " + started.phase());
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Ends it, however far it came; returns when nothing of it lives. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            gateway.close();
            fleet.close();
        }
    }
}
