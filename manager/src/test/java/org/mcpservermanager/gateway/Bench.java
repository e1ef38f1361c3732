package org.mcpservermanager.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.server.Wish;

/** A gateway with fake servers behind it and HTTP requests in front. */
final class Bench {
    static final String BOTH = "application/json, text/event-stream";
    final FakeRouter router = new FakeRouter();
    final Events events = new Events();
    final VirtualTimer timer = new VirtualTimer();
    final Gateway gateway;
    private int ids = 100;

    Bench() {
        this(GatewaySettings.DEFAULT);
    }

    Bench(GatewaySettings settings) {
        this(settings, SessionBook.NONE);
    }

    Bench(GatewaySettings settings, SessionBook book) {
        gateway = new Gateway(router, events, timer, settings, book);
    }

    /** What a client says of itself over HTTP; each with... returns a changed copy. */
    record Front(
            Optional<ServerId> server,
            String caller,
            String type,
            String accept,
            String session,
            String version,
            String last) {
        Front session(String id) {
            return new Front(server, caller, type, accept, id, version, last);
        }

        Front caller(String name) {
            return new Front(server, name, type, accept, session, version, last);
        }

        Front accept(String value) {
            return new Front(server, caller, type, value, session, version, last);
        }

        Front type(String value) {
            return new Front(server, caller, value, accept, session, version, last);
        }

        Front version(String value) {
            return new Front(server, caller, type, accept, session, value, last);
        }

        Front last(String eventId) {
            return new Front(server, caller, type, accept, session, version, eventId);
        }
    }

    static Front one(String server) {
        return new Front(Optional.of(new ServerId(server)), "anna", "application/json", BOTH, "", "", "");
    }

    static Front all() {
        return new Front(Optional.empty(), "anna", "application/json", BOTH, "", "", "");
    }

    FakeReply send(String method, Front front, String body) {
        FakeReply reply = new FakeReply();
        Incoming.Headers headers =
                new Incoming.Headers(front.type(), front.accept(), front.session(), front.version(), front.last());
        gateway.handle(
                new Incoming(method, front.server(), front.caller(), headers, body.getBytes(StandardCharsets.UTF_8)),
                reply);
        return reply;
    }

    FakeReply post(Front front, String body) {
        return send("POST", front, body);
    }

    /** A request with an id that no other has. */
    FakeReply call(Front front, String method, String params) {
        return post(front, request(Integer.toString(ids++), method, params));
    }

    /** Headers as a stateless client sends them along with its body. */
    record Repeated(String version, Map<String, List<String>> mcp) {
        static Repeated of(String method, String name) {
            Map<String, List<String>> headers = new HashMap<>(Map.of("mcp-method", List.of(method)));
            if (!name.isEmpty()) {
                headers.put("mcp-name", List.of(name));
            }
            return new Repeated("2026-07-28", headers);
        }

        Repeated with(String name, String... values) {
            Map<String, List<String>> more = new HashMap<>(mcp);
            more.put(name, List.of(values));
            return new Repeated(version, more);
        }

        Repeated version(String value) {
            return new Repeated(value, mcp);
        }
    }

    FakeReply post(Front front, Repeated headers, String body) {
        FakeReply reply = new FakeReply();
        gateway.handle(
                new Incoming(
                        "POST",
                        front.server(),
                        front.caller(),
                        new Incoming.Headers(
                                front.type(),
                                front.accept(),
                                front.session(),
                                headers.version(),
                                front.last(),
                                headers.mcp()),
                        body.getBytes(StandardCharsets.UTF_8)),
                reply);
        return reply;
    }

    /** A well-formed stateless request; {@code more} are further members of params, or of {@code _meta}, each ending with a comma. */
    FakeReply stateless(Front front, String method, String capabilities, String more, String moreMeta) {
        String id = Integer.toString(ids++);
        String params =
                "{" + more + "\"_meta\":{" + moreMeta + "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                        + "\"io.modelcontextprotocol/clientCapabilities\":" + capabilities + "}}";
        String body = request(id, method, params);
        Message message = Gateway.parse(body.getBytes(StandardCharsets.UTF_8));
        String name =
                switch (method) {
                    case "tools/call", "prompts/get" -> message.param("name");
                    case "resources/read" -> message.param("uri");
                    default -> "";
                };
        return post(front, Repeated.of(method, name), body);
    }

    FakeReply stateless(Front front, String method, String more) {
        return stateless(front, method, "{}", more, "");
    }

    static String request(String id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    static String notification(String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    FakeReply initialize(Front front, String version, String capabilities) {
        return post(
                front,
                request(
                        "0",
                        "initialize",
                        "{\"protocolVersion\":\"" + version + "\",\"capabilities\":" + capabilities
                                + ",\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}"));
    }

    /** The front with a session. */
    Front opened(Front front, String version) {
        return front.session(initialize(front, version, "{\"elicitation\":{}}").header("Mcp-Session-Id"));
    }

    void becomes(String server, Phase phase) {
        ServerId id = new ServerId(server);
        ServerSpec spec = ServerSpec.of(id, new Wire.Stdio("true", List.of(), Map.of(), ""), "test");
        Snapshot snapshot = new Snapshot(
                spec,
                Wish.UP,
                phase,
                StartStep.NONE,
                Health.UNKNOWN,
                1,
                Snapshot.Counts.NONE,
                Snapshot.Running.NONE,
                Snapshot.Failure.NONE);
        events.publish(new Event.PhaseChanged(
                id, 1, Phase.STARTING, phase, Optional.empty(), Optional.empty(), snapshot, Instant.EPOCH));
    }

    void saysChanged(String server, String method) {
        events.publish(new Event.ListChanged(new ServerId(server), method, Instant.EPOCH));
    }
}
