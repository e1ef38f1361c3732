package org.mcpservermanager.gateway.modern;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

/** Stateless clients in front of older servers. */
public final class Bridge implements AutoCloseable {
    static final RpcError INVALID_STATE = new RpcError(
            RpcError.INVALID_PARAMS, "Invalid or expired requestState", "{\"reason\":\"invalid_request_state\"}");
    private static final Logger LOG = Logger.getLogger(Bridge.class.getName());

    private final Router router;
    private final ScheduledExecutorService timer;
    private final BridgeSettings settings;
    private final Seal seal;
    private final Seal taskSeal;
    private final Standins standins;
    private final ParkingLot lot;
    private final Admission admission;
    private final BridgedTasks tasks = new BridgedTasks(this);

    /** @param news is told what servers say outside of calls */
    public Bridge(
            Router router,
            ScheduledExecutorService timer,
            BridgeSettings settings,
            Seal seal,
            BiConsumer<Standin.Place, Message> news) {
        this.router = router;
        this.timer = timer;
        this.settings = settings;
        this.seal = seal;
        this.taskSeal = seal.forPurpose(TaskName.PURPOSE);
        this.standins = new Standins(router, timer, settings, news);
        this.lot = new ParkingLot(settings, timer);
        this.admission = new Admission(this);
    }

    /**
     * A request with the names that the server knows.
     *
     * @param repeatable whether running it twice does no harm
     * @param tasks whether the server may make a task of it
     * @param serverInfo raw JSON: who the client is told it spoke with
     */
    public record Requested(
            ServerId server,
            Peer peer,
            Message request,
            String caller,
            boolean repeatable,
            TaskSupport tasks,
            String serverInfo) {}

    Router router() {
        return router;
    }

    public ScheduledExecutorService timer() {
        return timer;
    }

    BridgeSettings settings() {
        return settings;
    }

    Seal seal() {
        return seal;
    }

    Standins standins() {
        return standins;
    }

    /** Those at older servers. */
    public BridgedTasks tasks() {
        return tasks;
    }

    ParkingLot lot() {
        return lot;
    }

    /** What the caller's clients are to call the task. */
    public String sealed(TaskName name) {
        return name.seal(taskSeal);
    }

    /** The task that this caller's clients call so; empty for what was never made for them. */
    public Optional<TaskName> task(String sealed, String caller) {
        return TaskName.open(taskSeal, sealed, caller);
    }

    long expiry() {
        return System.currentTimeMillis() + settings.patience().toMillis();
    }

    /** The stand-in of clients that are asked nothing; to be released. */
    public Standin unasked(ServerId server, String caller) {
        return standins.shared(new Standin.Place(server, caller, Standin.Place.UNASKED));
    }

    /** The stand-in at a server of the clients' own era; to be released. */
    public Standin modern(ServerId server, String caller) {
        return standins.shared(new Standin.Place(server, caller, Standin.Place.MODERN));
    }

    /** Starts what a client that can be asked will need: it reads the list next, and then calls. */
    public void warm(ServerId server, String caller, Abilities abilities) {
        if (abilities.isNone()) {
            return;
        }
        Standin standin = standins.shared(new Standin.Place(server, caller, abilities.toJson()));
        router.attach(server, standin).whenComplete((peer, failure) -> standins.release(standin));
    }

    public void release(Standin standin) {
        standins.release(standin);
    }

    /** Calls that wait for their clients. */
    public int parked() {
        return lot.count();
    }

    public void forget(ServerId server) {
        tasks.forget(server);
        standins.forget(server);
    }

    /** Ends the visit in every case. Never blocks. */
    public void call(Requested requested, Visit visit) {
        admission.admit(requested, visit);
    }

    void tellLevel(Standin standin, String level) {
        if (!level.isEmpty() && standin.levelBecomes(level)) {
            wish(standin, Method.LOGGING_SET_LEVEL, "{\"level\":" + JsonText.quote(level) + "}");
        }
    }

    private void wish(Standin standin, String method, String params) {
        router.send(standin.place().server(), new Wish(standin, method, params));
    }

    /** From now on the stand-in is told when the resource changes, or no longer. */
    public void watch(Standin standin, String uri, boolean on) {
        wish(
                standin,
                on ? Method.RESOURCES_SUBSCRIBE : Method.RESOURCES_UNSUBSCRIBE,
                "{\"uri\":" + JsonText.quote(uri) + "}");
    }

    /** The error for a server that is not there. */
    public static RpcError unavailable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException known) {
            Problem problem = known.problem();
            return new RpcError(
                    RpcError.SERVER_UNAVAILABLE,
                    problem.message(),
                    "{\"code\":" + JsonText.quote(problem.code()) + ",\"remedy\":" + JsonText.quote(problem.remedy())
                            + "}");
        }
        LOG.log(Level.SEVERE, "a server could not be reached", cause);
        return RpcError.of(RpcError.INTERNAL_ERROR, "Internal error");
    }

    @Override
    public void close() {
        tasks.close();
        lot.close();
        standins.close();
    }
}
