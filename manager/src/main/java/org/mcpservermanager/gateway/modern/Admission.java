package org.mcpservermanager.gateway.modern;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Isolation;

/** How a client's request becomes a call, new or one that waits for it: what it needs of turn, stand-in and copy comes first. */
final class Admission {
    private static final Logger LOG = Logger.getLogger(Admission.class.getName());

    private final Bridge bridge;
    private final Turns turns;

    Admission(Bridge bridge) {
        this.bridge = bridge;
        this.turns = new Turns(bridge.timer(), bridge.lot()::evictOldest);
    }

    /** Ends the visit in every case. Never blocks. */
    void admit(Bridge.Requested requested, Visit visit) {
        if (!Translation.mayAsk(requested.request().method())) {
            Standin.Place place = Translation.isList(requested.request().method())
                    ? place(requested, visit)
                    : new Standin.Place(requested.server(), requested.caller(), Standin.Place.UNASKED);
            start(
                    requested,
                    new Begun(bridge.standins().shared(place), "", Turn.NEEDLESS),
                    new Questionnaire("", Map.of()),
                    visit);
            return;
        }
        String subject = CallState.subject(requested.server().value(), requested.request(), requested.caller());
        String state = requested.request().rawParam(Translation.REQUEST_STATE);
        if (state.isEmpty()) {
            Map<String, CallState.Given> guesses = new HashMap<>();
            responses(requested.request()).forEach((key, raw) -> guesses.put(key, new CallState.Given("", raw)));
            takeTurn(requested, subject, guesses, visit);
            return;
        }
        CallState.open(bridge.seal(), JsonText.unquote(state), subject, System.currentTimeMillis())
                .ifPresentOrElse(
                        known -> retry(requested, known, visit),
                        () -> visit.end(Message.error(visit.request().id(), Bridge.INVALID_STATE)));
    }

    private static Standin.Place place(Bridge.Requested requested, Visit visit) {
        return new Standin.Place(
                requested.server(), requested.caller(), visit.meta().abilities().toJson());
    }

    private static Map<String, String> responses(Message request) {
        String raw = request.rawParam(Translation.INPUT_RESPONSES);
        return RawObject.isObject(raw) ? RawObject.of(raw).members() : Map.of();
    }

    private void retry(Bridge.Requested requested, CallState state, Visit visit) {
        Map<String, String> responses = responses(requested.request());
        Optional<BridgedCall> waiting = bridge.lot().take(state.place());
        if (waiting.isPresent()) {
            waiting.get().resume(visit, responses);
        } else if (state.place().isEmpty() || requested.repeatable()) {
            Map<String, CallState.Given> known = new HashMap<>(state.history());
            state.asked().forEach((key, digest) -> {
                if (responses.containsKey(key)) {
                    known.put(key, new CallState.Given(digest, responses.get(key)));
                }
            });
            takeTurn(requested, state.subject(), known, visit);
        } else {
            visit.end(Message.error(visit.request().id(), Bridge.INVALID_STATE));
        }
    }

    private void takeTurn(Bridge.Requested requested, String subject, Map<String, CallState.Given> known, Visit visit) {
        boolean takesTurns = !visit.meta().abilities().isNone()
                && bridge.router()
                        .spec(requested.server())
                        .filter(spec -> spec.isolation() == Isolation.SHARED)
                        .isPresent();
        if (!takesTurns) {
            takeStandin(requested, subject, known, visit, Turn.NEEDLESS);
            return;
        }
        CompletableFuture<Turn> turn = turns.take(requested.server());
        visit.onGone(() -> turn.cancel(false));
        turn.whenComplete((mine, failure) -> {
            if (failure == null) {
                takeStandin(requested, subject, known, visit, mine);
            } else if (!turn.isCancelled()) {
                visit.end(Message.error(visit.request().id(), Bridge.unavailable(failure)));
            }
        });
    }

    private void takeStandin(
            Bridge.Requested requested, String subject, Map<String, CallState.Given> known, Visit visit, Turn turn) {
        Standin.Place place = place(requested, visit);
        Optional<Standin> free = bridge.standins()
                .exclusive(place)
                .or(() -> bridge.lot().evictOldest(place.server())
                        ? bridge.standins().exclusive(place)
                        : Optional.empty());
        if (free.isEmpty()) {
            turn.end();
            visit.end(Message.error(
                    visit.request().id(),
                    RpcError.of(
                            RpcError.INTERNAL_ERROR,
                            "Server '" + place.server() + "' already runs "
                                    + bridge.settings().copiesMax()
                                    + " calls that may ask their clients; retry later")));
            return;
        }
        start(
                requested,
                new Begun(free.get(), subject, turn),
                new Questionnaire(bridge.settings().inputKeyHint(), known),
                visit);
    }

    /** What a call has before it begins. */
    private record Begun(Standin standin, String subject, Turn turn) {}

    /** Attached first: a copy that is only now started is told the level before the call. */
    private void start(Bridge.Requested requested, Begun begun, Questionnaire questions, Visit visit) {
        Standin standin = begun.standin();
        bridge.router().attach(requested.server(), standin).whenComplete((peer, failure) -> {
            if (failure != null) {
                bridge.standins().release(standin);
                begun.turn().end();
                visit.end(Message.error(visit.request().id(), Bridge.unavailable(failure)));
                return;
            }
            try {
                if (RawObject.of(peer.capabilities()).has("logging")) {
                    bridge.tellLevel(standin, visit.meta().logLevel());
                }
                new BridgedCall(bridge, terms(requested, begun, visit), questions, visit).begin();
            } catch (RuntimeException bug) {
                LOG.log(Level.SEVERE, bug, () -> "a call of server " + requested.server() + " was not begun");
                bridge.standins().discard(standin);
                begun.turn().end();
                visit.end(Message.error(visit.request().id(), RpcError.of(RpcError.INTERNAL_ERROR, "Internal error")));
            }
        });
    }

    private CallTerms terms(Bridge.Requested requested, Begun begun, Visit visit) {
        Message plain = Translation.toLegacy(
                requested.request(), Translation.mayAsk(requested.request().method()));
        boolean adopts = TasksExtension.isIn(visit.meta().capabilities())
                && bridge.tasks().hasRoom(requested.caller());
        boolean required = requested.tasks() == TaskSupport.REQUIRED;
        Message request = required || adopts && requested.tasks() == TaskSupport.OPTIONAL
                ? plain.withParam("task", TaskShape.WANTED)
                : plain;
        return new CallTerms(
                request, begun.standin(), begun.subject(), requested.serverInfo(), begun.turn(), required && !adopts);
    }
}
