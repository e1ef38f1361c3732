package org.mcpservermanager.gateway;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.gateway.modern.Bridge;
import org.mcpservermanager.gateway.modern.RequestMeta;
import org.mcpservermanager.gateway.modern.Seal;
import org.mcpservermanager.gateway.modern.Standin;
import org.mcpservermanager.protocol.Batch;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.MalformedMessage;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Revision;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/** The MCP endpoints without the container: takes HTTP requests apart and gives each to the dialect its client speaks. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Gateway.class.getName());

    private final GatewaySettings settings;
    private final Sessions sessions;
    private static final int VARIANTS_MAX = 8;

    private final Catalogue catalogue;
    private final Map<String, Catalogue> variants = new HashMap<>(); // guarded by itself; by capabilities
    private final LegacyDialect legacy;
    private final Lines lines;
    private final SseDialect sse;
    private final Bridge bridge;
    private final Listens listens;
    private final ModernDialect modern;
    private final Events.Subscription subscription;

    public Gateway(Router router, Events events, ScheduledExecutorService timer, GatewaySettings settings) {
        this(router, events, timer, settings, SessionBook.NONE);
    }

    Gateway(Router router, Events events, ScheduledExecutorService timer, GatewaySettings settings, SessionBook book) {
        this(router, events, timer, settings, book, Seal.untilTheEnd());
    }

    /**
     * @param book what an earlier manager wrote there is gone on with
     * @param seal of what stateless clients carry: the same one lets them go on after a restart
     */
    public Gateway(
            Router router,
            Events events,
            ScheduledExecutorService timer,
            GatewaySettings settings,
            SessionBook book,
            Seal seal) {
        this.settings = settings;
        this.sessions = new Sessions(settings, timer, book);
        this.catalogue = new Catalogue(router, timer, settings.catalogue(), this::tellAggregates);
        Function<Session, Target> targets = session -> target(router, session);
        this.legacy = new LegacyDialect(sessions, targets);
        this.lines = new Lines(sessions, targets, timer, settings.sessions());
        this.sse = new SseDialect(lines, new Lookup(sessions, targets));
        this.bridge = new Bridge(router, timer, settings.bridge(), seal, this::tellListens);
        this.listens = new Listens(router, bridge);
        ModernServers servers = new ModernServers(router, bridge, listens, catalogue);
        this.modern = new ModernDialect(servers, new ModernAggregate(servers, listens, this::catalogueOf), timer);
        this.subscription = events.subscribe(this::onEvent);
    }

    public GatewaySettings settings() {
        return settings;
    }

    /** Open client sessions. */
    public int sessionCount() {
        return sessions.count();
    }

    /** Takes a server into the catalogue that was running before the gateway listened to events. */
    public void include(ServerId running) {
        catalogue.onRunning(running);
    }

    /** @param messages the path to post to */
    void events(Incoming request, String messages, Reply reply) {
        answering(reply, () -> {
            if (request.method().equals("GET")) {
                sse.get(request, messages, reply);
            } else {
                reply.answer(Answer.empty(Answer.METHOD_NOT_ALLOWED).with("Allow", "GET"));
            }
        });
    }

    /** A message that is answered on the stream of events. */
    void message(Incoming request, Reply reply) {
        answering(reply, () -> {
            if (request.method().equals("POST")) {
                requireJson(request);
                sse.post(request, parse(request.body()), reply);
            } else {
                reply.answer(Answer.empty(Answer.METHOD_NOT_ALLOWED).with("Allow", "POST"));
            }
        });
    }

    /** What came over a socket; answers leave by its sink. */
    Lines lines() {
        return lines;
    }

    void handle(Incoming request, Reply reply) {
        answering(reply, () -> {
            switch (request.method()) {
                case "POST" -> post(request, reply);
                case "GET" -> dialect(request).get(request, reply);
                case "DELETE" -> dialect(request).delete(request, reply);
                default -> reply.answer(Answer.empty(Answer.METHOD_NOT_ALLOWED).with("Allow", "GET, POST, DELETE"));
            }
        });
    }

    private static void answering(Reply reply, Runnable handling) {
        try {
            handling.run();
        } catch (Refused refused) {
            reply.answer(refused.answer());
        } catch (RuntimeException bug) {
            reply.answer(Answer.error(Answer.INTERNAL_ERROR, "", internal(bug)));
        }
    }

    /** The error for a defect of ours; what happened is in the log only, under the reference. */
    static RpcError internal(RuntimeException bug) {
        String reference = UUID.randomUUID().toString();
        LOG.log(Level.SEVERE, bug, () -> "gateway failed, reference " + reference);
        return RpcError.of(RpcError.INTERNAL_ERROR, "Internal error, reference " + reference);
    }

    @Override
    public void close() {
        subscription.close();
        sessions.close();
        listens.close();
        modern.close();
        bridge.close();
        catalogue.close();
    }

    Catalogue catalogue() {
        return catalogue;
    }

    private void post(Incoming request, Reply reply) {
        requireJson(request);
        if (!request.acceptsJson() && !request.acceptsEvents()) {
            throw Refused.invalid(
                    Answer.NOT_ACCEPTABLE,
                    "Accept: \"" + Text.oneLine(request.headers().accept(), 80)
                            + "\" (expected: application/json and text/event-stream)");
        }
        if (Batch.isBatch(request.body()) && dialect(request) == legacy) {
            legacy.batch(request, reply);
            return;
        }
        Message message = parse(request.body());
        (RequestMeta.isIn(message) ? modern : dialect(request)).post(request, message, reply);
    }

    private static void requireJson(Incoming request) {
        if (!request.isJson()) {
            throw Refused.invalid(
                    Answer.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type: \"" + Text.oneLine(request.headers().contentType(), 80)
                            + "\" (expected: application/json)");
        }
    }

    private Dialect dialect(Incoming request) {
        String version = request.headers().protocolVersion();
        if (Era.of(version) == Era.MODERN) {
            return modern;
        }
        if (!version.isEmpty() && !Revision.isKnown(version)) {
            throw Refused.invalid(
                    Answer.BAD_REQUEST,
                    "MCP-Protocol-Version: \"" + Text.oneLine(version, 40) + "\" (expected: one of "
                            + String.join(", ", Revision.versions()) + ")");
        }
        return legacy;
    }

    static Message parse(byte[] body) {
        try {
            return Message.parse(body);
        } catch (MalformedMessage malformed) {
            throw new Refused(Answer.error(Answer.BAD_REQUEST, malformed.id(), malformed.error()));
        }
    }

    private Target target(Router router, Session session) {
        return session.server()
                .<Target>map(server -> new OneServer(router, server, session.client()))
                .orElseGet(() ->
                        new AllServers(router, catalogueOf(session.client().profile()), session.client()));
    }

    /** Clients that can be asked may be offered more; beyond a number of different ones they see what all see. */
    private Catalogue catalogueOf(Profile profile) {
        if (!profile.interactive()) {
            return catalogue;
        }
        synchronized (variants) {
            Catalogue known = variants.get(profile.capabilities());
            if (known != null || variants.size() >= VARIANTS_MAX) {
                return known == null ? catalogue : known;
            }
            Catalogue variant = catalogue.variant(profile);
            variants.put(profile.capabilities(), variant);
            return variant;
        }
    }

    private void onEvent(Event event) {
        if (event instanceof Event.PhaseChanged change) {
            catalogue.onPhase(change.server(), change.to());
            switch (change.to()) {
                case STOPPED, DISABLED, FATAL, EXITED -> listens.endAllOf(change.server());
                case STARTING, RUNNING, STOPPING, BACKOFF, PARKED, RECOVERING -> {
                    // it may be back before anybody notices
                }
            }
        } else if (event instanceof Event.ListChanged change) {
            catalogue.onListChanged(change.server(), change.method());
        } else if (event instanceof Event.FleetChanged change && change.change() == Event.FleetChanged.Change.REMOVED) {
            catalogue.onRemoved(change.server());
            listens.endAllOf(change.server());
            bridge.forget(change.server());
            String reason = "server " + change.server() + " was "
                    + change.change().name().toLowerCase(Locale.ROOT);
            sessions.endAllOf(change.server(), reason);
        }
    }

    private void tellListens(Standin.Place place, Message notification) {
        listens.on(place, notification);
    }

    private void tellAggregates(String listChangedMethod) {
        Message changed = Message.notification(listChangedMethod, "");
        listens.onAggregate(changed);
        byte[] notification = changed.bytes();
        for (Session session : sessions.all()) {
            if (session.server().isEmpty()) {
                session.log().standalone().sendUnlessWaiting(notification);
            }
        }
    }
}
