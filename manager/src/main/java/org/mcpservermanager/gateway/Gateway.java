package org.mcpservermanager.gateway;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
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
import org.mcpservermanager.routing.Groups;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.Naming;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Text;

/** The MCP endpoints without the container: takes HTTP requests apart and gives each to the dialect its client speaks. */
public final class Gateway implements AutoCloseable, Groups {
    private static final Logger LOG = Logger.getLogger(Gateway.class.getName());

    private final Router router;
    private final GatewaySettings settings;
    private final Sessions sessions;
    private final Shelves shelves;
    private final Variants variants;
    private volatile Map<String, Group> groups; // replaced as a whole
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
        this(router, events, timer, settings, book, List.of(Group.ofAll(Naming.PREFIX, false)), Seal.untilTheEnd());
    }

    /**
     * @param book what an earlier manager wrote there is gone on with
     * @param groups the endpoints over several servers, with the one over all
     * @param seal of what stateless clients carry: the same one lets them go on after a restart
     */
    public Gateway(
            Router router,
            Events events,
            ScheduledExecutorService timer,
            GatewaySettings settings,
            SessionBook book,
            Collection<Group> groups,
            Seal seal) {
        this.router = router;
        this.settings = settings;
        this.groups = byName(groups);
        this.sessions = new Sessions(settings, timer, book);
        this.shelves = new Shelves(router, timer, settings.catalogue(), this::tellMembers);
        this.variants = new Variants(shelves, this::capabilitiesInSessions, timer);
        router.harmless(shelves::isHarmless);
        this.legacy = new LegacyDialect(sessions, this::target, timer);
        this.lines = new Lines(sessions, this::target, timer, settings.sessions());
        this.sse = new SseDialect(lines, new Lookup(sessions, this::target));
        this.bridge = new Bridge(router, timer, settings.bridge(), seal, this::tellListens);
        this.listens = new Listens(router, bridge);
        ModernServers servers = new ModernServers(router, bridge, listens, shelves::tool);
        this.modern = new ModernDialect(servers, new ModernAggregate(servers, listens, this::catalogueOf), timer);
        this.subscription = events.subscribe(new ServerNews(shelves, listens, sessions, bridge)::on);
    }

    public GatewaySettings settings() {
        return settings;
    }

    /** Open client sessions. */
    public int sessionCount() {
        return sessions.count();
    }

    /** @param messages the path to post to */
    void events(Incoming request, String messages, Reply reply) {
        answering(reply, () -> {
            if (request.method().equals("GET")) {
                requireGroup(request);
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
                request.requireJson();
                sse.post(request, parse(request.body()), reply);
            } else {
                reply.answer(Answer.empty(Answer.METHOD_NOT_ALLOWED).with("Allow", "POST"));
            }
        });
    }

    /** Throws {@link Refused} when the address is that of a group which there is not. */
    void requireGroup(Incoming request) {
        if (request.server().isEmpty()) {
            group(request.scope().group());
        }
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
        variants.close();
        shelves.close();
    }

    /** Other endpoints over several servers from now on; sessions at those that are gone end. */
    public void regroup(Collection<Group> other) {
        Map<String, Group> next = byName(other);
        groups = next;
        shelves.regroup(next.values());
        sessions.endAll(
                session -> session.server().isEmpty()
                        && !next.containsKey(session.scope().group()),
                "the group was removed");
    }

    @Override
    public List<Groups.Shown> groups() {
        return groups.values().stream()
                .map(shelves::catalogue)
                .map(Catalogue::overview)
                .toList();
    }

    private static Map<String, Group> byName(Collection<Group> groups) {
        Map<String, Group> named = new TreeMap<>();
        groups.forEach(group -> named.put(group.name(), group));
        named.putIfAbsent(Group.ALL_SERVERS, Group.ofAll(Naming.PREFIX, false));
        return Collections.unmodifiableMap(named);
    }

    Catalogue catalogue() {
        return shelves.catalogue(groups.get(Group.ALL_SERVERS));
    }

    private void post(Incoming request, Reply reply) {
        request.requireJson();
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

    private Target target(Session session) {
        if (session.server().isPresent()) {
            return new OneServer(router, session.server().get(), session.client());
        }
        Group group = group(session.scope().group());
        Catalogue catalogue = variants.of(session.client().profile()).catalogue(group);
        return new AllServers(
                router, catalogue, session.client(), session.scope().search() || group.search());
    }

    private Catalogue catalogueOf(Profile profile, Scope scope) {
        return variants.of(profile).catalogue(group(scope.group()));
    }

    private Group group(String name) {
        Group group = groups.get(name);
        if (group == null) {
            throw new Refused(Answer.problem(
                    Answer.NOT_FOUND,
                    new Problem(
                            "group_not_found",
                            "There is no group \"" + name + "\".",
                            "GET /api/mcp/groups lists them; define it under \"groups\" in the configuration file.")));
        }
        return group;
    }

    private Set<String> capabilitiesInSessions() {
        return sessions.all().stream()
                .filter(session -> session.server().isEmpty())
                .map(session -> session.client().profile().capabilities())
                .collect(Collectors.toSet());
    }

    private void tellListens(Standin.Place place, Message notification) {
        listens.on(place, notification);
    }

    private void tellMembers(String group, String listChangedMethod) {
        Message changed = Message.notification(listChangedMethod, "");
        listens.onAggregate(group, changed);
        byte[] notification = changed.bytes();
        for (Session session : sessions.all()) {
            if (session.isOver(group)) {
                session.log().standalone().sendUnlessWaiting(notification);
            }
        }
    }
}
