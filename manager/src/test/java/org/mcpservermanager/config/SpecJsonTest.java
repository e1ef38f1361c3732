package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.server.AlertPolicy;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Dependencies;
import org.mcpservermanager.server.Exposure;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Isolation;
import org.mcpservermanager.server.Limits;
import org.mcpservermanager.server.NameFilter;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Quota;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;

class SpecJsonTest {
    private static final ServerId ID = new ServerId("a-1");

    static List<ServerSpec> specs() {
        Wire.Stdio stdio = new Wire.Stdio(
                "/bin/x", List.of("", "${NOT}", "\"é𝄞\n"), Map.of("B", "${TOKEN}", "A", "~", "C", "s3cret"), "/w");
        return List.of(
                ServerSpec.of(ID, new Wire.Stdio("npx", List.of(), Map.of(), ""), "f.json mcpServers.a"),
                ServerSpec.of(ID, new Wire.Http(URI.create("https://h/mcp?k=v"), Map.of("X", "y"), false), "api"),
                ServerSpec.of(ID, new Wire.Http(URI.create("http://h:1/sse"), Map.of(), true), "api"),
                ServerSpec.of(ID, new Wire.WebSocket(URI.create("wss://h/mcp"), Map.of("X", "y")), "api"),
                ServerSpec.of(ID, new Wire.Tcp("h", 4000), "api"),
                ServerSpec.of(ID, new Wire.Served(stdio, Wire.Speech.HTTP, 0, "/mcp"), "api"),
                ServerSpec.of(ID, new Wire.Served(stdio, Wire.Speech.WEBSOCKET, 4001, "/ws"), "api"),
                ServerSpec.of(ID, new Wire.Served(stdio, Wire.Speech.TCP, 0, ""), "api"),
                ServerSpec.of(ID, new Wire.Served(stdio, Wire.Speech.HTTP, 0, "/mcp", true), "api"),
                ServerSpec.of(ID, new Wire.Stdio("c", List.of(), Map.of(), "/w", "app:${staff}"), "api"),
                checked(
                        new Wire.Http(URI.create("https://h/mcp"), Map.of(), false),
                        new HealthPolicy.Way(HealthPolicy.Kind.HTTP, "/live?a=%20b")),
                checked(new Wire.Tcp("h", 4000), HealthPolicy.Way.NETWORK),
                checked(stdio, HealthPolicy.Way.custom("disk")),
                checked(new Wire.Custom("b", Map.of("K", "${NOT}")), HealthPolicy.Way.custom("")),
                checked(new Wire.Custom("b", Map.of()), HealthPolicy.Way.MCP),
                ServerSpec.of(ID, stdio, "api").with(new Spoken(Spoken.Choice.LEGACY, "")),
                ServerSpec.of(ID, stdio, "api").with(new Spoken(Spoken.Choice.AUTO, "2026-07-28")),
                new ServerSpec(
                        ID,
                        "A \"1\"",
                        "d",
                        stdio,
                        false,
                        false,
                        -5,
                        List.of("t", "u"),
                        Isolation.SESSION,
                        new Containment.Cgroup(new Containment.Ceiling(512 << 20, 64)),
                        new RestartPolicy(
                                RestartPolicy.Mode.PERMANENT,
                                false,
                                Duration.ofMillis(1),
                                Duration.ofDays(1),
                                0,
                                Duration.ofNanos(1_500_000_001),
                                Set.of(3, 0)),
                        new Timeouts(
                                Duration.ofMillis(1), Duration.ofDays(1), Duration.ofNanos(1), Duration.ofSeconds(600)),
                        new Limits(
                                new Limits.Limit(1_234_567, Limits.Action.RESTART),
                                new Limits.Limit(150, Limits.Action.ALERT),
                                Limits.Limit.NONE,
                                new Limits.Limit(64, Limits.Action.RESTART),
                                true),
                        new AlertPolicy(1, 2, 100, Duration.ofNanos(1_500_000_001), 0),
                        new HealthPolicy(
                                false,
                                Duration.ofMillis(1),
                                Duration.ofDays(1),
                                Duration.ofNanos(1_500_000_001),
                                1,
                                HealthPolicy.THRESHOLD_MAX,
                                Duration.ofSeconds(7),
                                new HealthPolicy.Request("tools/call", "{\"name\":\"é\\n\",\"n\":[1,2.50]}"),
                                HealthPolicy.Way.MCP),
                        new StartRules(
                                Duration.ofSeconds(90),
                                Duration.ofMillis(1),
                                new Dependencies(
                                        List.of(new ServerId("z"), new ServerId("b")),
                                        List.of(new ServerId("c")),
                                        List.of(new ServerId("d"))),
                                3),
                        Exposure.ALL,
                        Quota.DEFAULT,
                        Spoken.AUTO,
                        "x"),
                with(Containment.Level.NONE)
                        .with(new Quota(0, 7, false))
                        .with(new Exposure(
                                new Exposure.Named(
                                        new NameFilter(List.of("a*"), List.of("b", "c")),
                                        Map.of("d", "e", "f", "g"),
                                        Map.of("h", "\"i\n")),
                                new Exposure.Named(
                                        new NameFilter(List.of(), List.of("*")), Map.of("k", "l"), Map.of("m", "n")),
                                new NameFilter(List.of("file:///${X}"), List.of()))),
                with(Containment.Level.PIDNS),
                with(Containment.Cgroup.UNLIMITED),
                with(Containment.Container.of("", "a/b:1")),
                with(new Containment.Container(
                        "/usr/bin/podman",
                        "h:5000/a@sha256:0",
                        Containment.Pull.NEVER,
                        List.of(
                                new Containment.Mount("/a b", "/c", true),
                                new Containment.Mount("volume-1", "/d", false)),
                        "none",
                        "1000:1000",
                        true,
                        List.of("all"),
                        new Containment.Ceiling(5 << 20, 1),
                        "0.5",
                        List.of("--env-file", "${NOT}"))));
    }

    private static ServerSpec checked(Wire wire, HealthPolicy.Way way) {
        ServerSpec spec = ServerSpec.of(ID, wire, "api");
        return spec.draft().health(spec.health().by(way)).spec();
    }

    private static ServerSpec with(Containment containment) {
        return ServerSpec.of(ID, new Wire.Stdio("c", List.of(), Map.of(), ""), "api")
                .with(containment);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void comesBackAsItWas(ServerSpec spec) {
        ServerSpec back = SpecJson.read(SpecJson.write(spec));

        assertEquals(spec, back);
        assertEquals(SpecJson.write(spec), SpecJson.write(back));
        assertEquals(SpecDigest.of(spec), SpecDigest.of(back));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "7",
                "{}",
                "{\"id\":\"A\"}",
                "{\"id\":\"a\"}",
                "{\"id\":\"a\",\"command\":\"./x\"}"
            })
    void refusesWhatItDidNotWrite(String json) {
        assertThrows(ProblemException.class, () -> SpecJson.read(json));
    }

    @Test
    void digestChangesWithWhatIsStartedOnly() {
        ServerSpec one =
                ServerSpec.of(ID, new Wire.Stdio("c", List.of("a", "b"), Map.of("A", "1", "B", "2"), ""), "api");
        ServerSpec sameElsewhere = ServerSpec.of(ID, one.wire(), "f.json x");
        ServerSpec otherArgs =
                ServerSpec.of(ID, new Wire.Stdio("c", List.of("a b"), Map.of("A", "1", "B", "2"), ""), "api");
        ServerSpec otherValue =
                ServerSpec.of(ID, new Wire.Stdio("c", List.of("a", "b"), Map.of("A", "1", "B", "3"), ""), "api");

        assertEquals(SpecDigest.of(one), SpecDigest.of(sameElsewhere));
        assertNotEquals(SpecDigest.of(one), SpecDigest.of(otherArgs));
        assertNotEquals(SpecDigest.of(one), SpecDigest.of(otherValue));
        assertTrue(SpecDigest.of(one).matches("sha256:[0-9a-f]{64}"));
    }
}
