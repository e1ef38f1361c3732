package org.mcpservermanager.gateway.modern;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
import org.mcpservermanager.server.Isolation;
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
    private final Turns turns;
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
        this.turns = new Turns(timer, lot::evictOldest);
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
        if (!Translation.mayAsk(requested.request().method())) {
            Standin.Place place = Translation.isList(requested.request().method())
                    ? place(requested, visit)
                    : new Standin.Place(requested.server(), requested.caller(), Standin.Place.UNASKED);
            start(
                    requested,
                    new Begun(standins.shared(place), "", Turn.NEEDLESS),
                    new Questionnaire("", Map.of()),
                    visit);
            return;
        }
        String subject = CallState.subject(requested.server().value(), requested.request(), requested.caller());
        String state = requested.request().rawParam(Translation.REQUEST_STATE);
        if (state.isEmpty()) {
            Map<String, CallState.Given> guesses = new HashMap<>();
            responses(requested.request()).forEach((key, raw) -> guesses.put(key, new CallState.Given("", raw)));
            run(requested, subject, guesses, visit);
            return;
        }
        CallState.open(seal, JsonText.unquote(state), subject, System.currentTimeMillis())
                .ifPresentOrElse(
                        known -> retry(requested, known, visit),
                        () -> visit.end(Message.error(visit.request().id(), INVALID_STATE)));
    }

    private static Standin.Place place(Requested requested, Visit visit) {
        return new Standin.Place(
                requested.server(), requested.caller(), visit.meta().abilities().toJson());
    }

    private static Map<String, String> responses(Message request) {
        String raw = request.rawParam(Translation.INPUT_RESPONSES);
        return RawObject.isObject(raw) ? RawObject.of(raw).members() : Map.of();
    }

    private void retry(Requested requested, CallState state, Visit visit) {
        Map<String, String> responses = responses(requested.request());
        Optional<BridgedCall> waiting = lot.take(state.place());
        if (waiting.isPresent()) {
            waiting.get().resume(visit, responses);
        } else if (state.place().isEmpty() || requested.repeatable()) {
            Map<String, CallState.Given> known = new HashMap<>(state.history());
            state.asked().forEach((key, digest) -> {
                if (responses.containsKey(key)) {
                    known.put(key, new CallState.Given(digest, responses.get(key)));
                }
            });
            run(requested, state.subject(), known, visit);
        } else {
            visit.end(Message.error(visit.request().id(), INVALID_STATE));
        }
    }

    private void run(Requested requested, String subject, Map<String, CallState.Given> known, Visit visit) {
        boolean takesTurns = !visit.meta().abilities().isNone()
                && router.spec(requested.server())
                        .filter(spec -> spec.isolation() == Isolation.SHARED)
                        .isPresent();
        if (!takesTurns) {
            run(requested, subject, known, visit, Turn.NEEDLESS);
            return;
        }
        CompletableFuture<Turn> turn = turns.take(requested.server());
        visit.onGone(() -> turn.cancel(false));
        turn.whenComplete((mine, failure) -> {
            if (failure == null) {
                run(requested, subject, known, visit, mine);
            } else if (!turn.isCancelled()) {
                visit.end(Message.error(visit.request().id(), unavailable(failure)));
            }
        });
    }

    private void run(Requested requested, String subject, Map<String, CallState.Given> known, Visit visit, Turn turn) {
        Standin.Place place = place(requested, visit);
        Optional<Standin> free = standins.exclusive(place)
                .or(() -> lot.evictOldest(place.server()) ? standins.exclusive(place) : Optional.empty());
        if (free.isEmpty()) {
            turn.end();
            visit.end(Message.error(
                    visit.request().id(),
                    RpcError.of(
                            RpcError.INTERNAL_ERROR,
                            "Server '" + place.server() + "' already runs " + settings.copiesMax()
                                    + " calls that may ask their clients; retry later")));
            return;
        }
        start(
                requested,
                new Begun(free.get(), subject, turn),
                new Questionnaire(settings.inputKeyHint(), known),
                visit);
    }

    private record Begun(Standin standin, String subject, Turn turn) {}

    /** Attached first: a copy that is only now started is told the level before the call. */
    private void start(Requested requested, Begun begun, Questionnaire questions, Visit visit) {
        Standin standin = begun.standin();
        router.attach(requested.server(), standin).whenComplete((peer, failure) -> {
            if (failure != null) {
                standins.release(standin);
                begun.turn().end();
                visit.end(Message.error(visit.request().id(), unavailable(failure)));
                return;
            }
            try {
                if (RawObject.of(peer.capabilities()).has("logging")) {
                    tellLevel(standin, visit.meta().logLevel());
                }
                Message plain = Translation.toLegacy(
                        requested.request(),
                        Translation.mayAsk(requested.request().method()));
                boolean adopts = TasksExtension.isIn(visit.meta().capabilities()) && tasks.hasRoom(requested.caller());
                boolean required = requested.tasks() == TaskSupport.REQUIRED;
                Message request = required || adopts && requested.tasks() == TaskSupport.OPTIONAL
                        ? plain.withParam("task", TaskShape.WANTED)
                        : plain;
                boolean awaited = required && !adopts;
                new BridgedCall(
                                this,
                                new CallTerms(
                                        request,
                                        standin,
                                        begun.subject(),
                                        requested.serverInfo(),
                                        begun.turn(),
                                        awaited),
                                questions,
                                visit)
                        .begin();
            } catch (RuntimeException bug) {
                LOG.log(Level.SEVERE, bug, () -> "a call of server " + requested.server() + " was not begun");
                standins.discard(standin);
                begun.turn().end();
                visit.end(Message.error(visit.request().id(), RpcError.of(RpcError.INTERNAL_ERROR, "Internal error")));
            }
        });
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
