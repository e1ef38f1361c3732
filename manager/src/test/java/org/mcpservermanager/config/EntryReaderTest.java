package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.server.Dependencies;
import org.mcpservermanager.server.Isolation;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;

class EntryReaderTest {
    private static ServerSpec spec(String members) {
        return spec("c", members);
    }

    private static ServerSpec spec(String command, String members) {
        return ConfigReaderTest.only("[{\"id\":\"a\",\"command\":\"" + command + "\"" + members + "}]");
    }

    @Test
    void hasTheDefaultsOfASpec() {
        ServerSpec spec = spec("");

        assertEquals(ServerSpec.of(spec.id(), spec.wire(), spec.source()), spec);
    }

    private static ServerSpec custom(String members) {
        return ConfigReaderTest.only("[{\"id\":\"a\"," + members + "}]");
    }

    @Test
    void readsACustomServer() {
        ServerSpec spec = custom("\"transport\":\"custom\",\"bean\":\"clock\",\"env\":{\"ZONE\":\"UTC\"}");

        assertEquals(new Wire.Custom("clock", Map.of("ZONE", "UTC")), spec.wire());
        assertEquals(RestartPolicy.Mode.PERMANENT, spec.restart().mode());
        assertEquals(
                RestartPolicy.Mode.TEMPORARY,
                custom("\"bean\":\"clock\",\"restart_policy\":\"temporary\"")
                        .restart()
                        .mode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"type\":\"custom\"'|'[0].bean: \"\" (expected: the name of a bean'",
                "'\"type\":\"stdio\",\"bean\":\"b\"'|'[0].bean: \"b\", type \"stdio\" (expected: the name of a bean'",
                "'\"bean\":\"b\",\"command\":\"c\"'|'neither command nor url'",
                "'\"bean\":\"b\",\"url\":\"http://h/\"'|'neither command nor url'"
            })
    void refusesACustomServerWithoutItsBeanOrWithAnotherWay(String members, String expected) {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\"," + members + "}]");

        assertEquals(List.of(), loaded.specs());
        String message = loaded.problems().get(0).problem().message();
        assertTrue(message.contains(expected), message);
    }

    @Test
    void onlyWhatIsReachedByAPortSurvivesTheManager() {
        assertTrue(((Wire.Served) spec(",\"type\":\"http\",\"survive\":true").wire()).survives());
        assertFalse(((Wire.Served) spec(",\"type\":\"http\"").wire()).survives());
        Loaded piped = ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\",\"survive\":true}]");
        assertEquals(spec("").wire(), piped.specs().get(0).wire());
        assertTrue(piped.problems().get(0).toString().contains("survive: has no effect"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app", "app:staff", "1000:1000", "first.last@example"})
    void readsTheUserAProcessRunsAs(String user) {
        assertEquals(user, ((Wire.Stdio) spec(",\"user\":\"" + user + "\"").wire()).user());
        assertEquals("", ((Wire.Stdio) spec("").wire()).user());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", ":staff", "app:", "-x", "a:b:c"})
    void refusesWhatIsNoUser(String user) {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\",\"user\":\"" + user + "\"}]");

        assertEquals(List.of(), loaded.specs());
        assertTrue(loaded.problems().get(0).toString().contains("expected: a user"), () -> "" + loaded.problems());
    }

    @Test
    void aContainersUserIsNamedWithTheContainer() {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\",\"container\":{\"image\":\"i\"},\"user\":\"app\"}]");

        assertEquals(List.of(), loaded.specs());
        assertTrue(loaded.problems().get(0).toString().contains("container.user"), () -> "" + loaded.problems());
    }

    @ParameterizedTest
    @CsvSource({
        "startup_timeout,45,PT45S",
        "startupTimeout,45000,PT45S",
        "startup_timeout_ms,45000,PT45S",
        "startup_timeout_sec,45,PT45S",
        "connectionTimeout,45000,PT45S",
        "startup_timeout,0.5,PT0.5S",
        "startupTimeout,'\"500ms\"',PT0.5S"
    })
    void readsStartupTimeoutInTheUnitOfItsKey(String key, String value, Duration startup) {
        assertEquals(startup, spec(",\"" + key + "\":" + value).timeouts().startup());
    }

    @ParameterizedTest
    @CsvSource({"timeout,5000", "requestTimeout,5000", "request_timeout,5", "tool_timeout_sec,5", "timeout,'\"5s\"'"})
    void readsRequestTimeoutInTheUnitOfItsKey(String key, String value) {
        assertEquals(
                Duration.ofSeconds(5),
                spec(",\"" + key + "\":" + value).timeouts().request());
    }

    @ParameterizedTest
    @CsvSource({"shutdown_timeout,5", "shutdownTimeout,5000", "stop_timeout,5", "stopTimeout,5000"})
    void readsShutdownTimeout(String key, String value) {
        assertEquals(
                Duration.ofSeconds(5),
                spec(",\"" + key + "\":" + value).timeouts().stop());
    }

    @ParameterizedTest
    @CsvSource({
        "npx,120",
        "/usr/bin/uvx,120",
        "docker,120",
        "podman,120",
        "bunx,120",
        "pipx,120",
        "node,30",
        "my-npx,30"
    })
    void givesInstallersMoreTime(String command, int seconds) {
        assertEquals(Duration.ofSeconds(seconds), spec(command, "").timeouts().startup());
        assertEquals(
                Duration.ofSeconds(7),
                spec(command, ",\"startup_timeout\":7").timeouts().startup());
    }

    @ParameterizedTest
    @CsvSource({
        "timeout,999",
        "timeout,86400001",
        "startup_timeout,0",
        "startup_timeout,86401",
        "startup_timeout,-1",
        "startup_timeout,1e999999999",
        "timeout,'\"60\"'",
        "timeout,true",
        "restart_delay,-1",
        "restart_delay,3601",
        "restart_delay_max,0"
    })
    void refusesDurationsOutOfRange(String key, String value) {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\",\"" + key + "\":" + value + "}]");

        assertEquals(1, loaded.problems().size());
        String message = loaded.problems().get(0).problem().message();
        assertTrue(message.contains(key + ": ") && message.contains("\"30s\""), message);
    }

    @ParameterizedTest
    @CsvSource({
        "permanent,PERMANENT",
        "always,PERMANENT",
        "Transient,TRANSIENT",
        "on-failure,TRANSIENT",
        "temporary,TEMPORARY",
        "never,TEMPORARY"
    })
    void readsRestartPolicy(String word, RestartPolicy.Mode mode) {
        assertEquals(
                mode, spec(",\"restart_policy\":\"" + word + "\"").restart().mode());
    }

    @ParameterizedTest
    @CsvSource({
        "'',AUTO,''",
        "',\"era\":\"Legacy\"',LEGACY,''",
        "',\"era\":\"modern\"',MODERN,''",
        "',\"protocol_version\":\"2025-06-18\"',LEGACY,2025-06-18",
        "',\"protocolVersion\":\"2026-07-28\"',MODERN,2026-07-28",
        "',\"era\":\"modern\",\"protocol_version\":\"2026-07-28\"',MODERN,2026-07-28"
    })
    void readsWhichMcpAServerSpeaks(String members, Spoken.Choice era, String version) {
        assertEquals(new Spoken(era, version), spec(members).spoken());
    }

    @ParameterizedTest
    @CsvSource({
        "',\"era\":\"old\"',auto",
        "',\"protocol_version\":\"2025-11-26\"',2025-11-25",
        "',\"era\":\"legacy\",\"protocol_version\":\"2026-07-28\"',revision of that era",
        "',\"era\":\"modern\",\"protocol_version\":\"2025-11-25\"',revision of that era"
    })
    void refusesWhatNoServerSpeaks(String members, String expected) {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\"" + members + "}]");

        assertEquals(1, loaded.problems().size());
        assertTrue(loaded.problems().toString().contains(expected), loaded.problems()::toString);
    }

    @Test
    void readsTheRest() {
        ServerSpec spec =
                spec(",\"description\":\"d\",\"disabled\":true,\"autoStart\":false,\"priority\":7,\"tags\":[\"t\"],"
                        + "\"isolation\":\"session\",\"maxRestarts\":9,\"restartDelay\":2500,\"restartOnExit\":false,"
                        + "\"stable_after\":10,\"success_exit_codes\":[0,3],\"end_of_input_timeout\":1");

        assertEquals("d", spec.description());
        assertEquals(List.of(false, false), List.of(spec.enabled(), spec.autoStart()));
        assertEquals(7, spec.priority());
        assertEquals(List.of("t"), spec.tags());
        assertEquals(Isolation.SESSION, spec.isolation());
        assertEquals(
                new RestartPolicy(
                        RestartPolicy.Mode.TRANSIENT,
                        false,
                        Duration.ofMillis(2500),
                        Duration.ofSeconds(60),
                        9,
                        Duration.ofSeconds(10),
                        Set.of(0, 3)),
                spec.restart());
        assertEquals(
                new Timeouts(
                        Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofSeconds(10)),
                spec.timeouts());
    }

    @Test
    void readsWhatAStartKeepsTo() {
        ServerSpec spec = spec(",\"startup_timeout_max\":900,\"drainTimeout\":250,"
                + "\"after\":[\"My DB\",\"my-db\"],\"depends_on\":[\"cache\"],\"bind\":[\"net\"],\"spares\":0");

        assertEquals(
                new StartRules(
                        Duration.ofSeconds(900),
                        Duration.ofMillis(250),
                        new Dependencies(
                                List.of(new ServerId("my-db")),
                                List.of(new ServerId("cache")),
                                List.of(new ServerId("net"))),
                        0),
                spec.start());
    }

    @Test
    void refusesToWaitForItselfAndForNobody() {
        Loaded loaded =
                ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\",\"requires\":[\"a\"],\"after\":[\"?\"]}]");

        assertEquals(List.of(), loaded.specs());
        assertEquals(
                List.of(
                        "f.json: [0].after: \"?\" (expected: the name or id of another server)",
                        "f.json: [0].requires: \"a\" (expected: the name or id of another server)"),
                loaded.problems().stream()
                        .map(problem -> problem.problem().message())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"restart_delay\":0", "\"restart_delay_ms\":0", "\"restartDelay\":\"0s\""})
    void restartsWithoutADelayWhereThatIsSaid(String said) {
        assertEquals(Duration.ZERO, spec("," + said).restart().delay());
    }

    @Test
    void raisesTheLongestDelayToTheFirst() {
        assertEquals(
                Duration.ofSeconds(90), spec(",\"restart_delay\":90").restart().delayMax());
    }

    @Test
    void saysWhichOfTwoNamesWasTaken() {
        Loaded loaded =
                ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\",\"timeout\":5000,\"request_timeout\":6}]");

        assertEquals(Duration.ofSeconds(6), loaded.specs().get(0).timeouts().request());
        assertEquals(
                "f.json: [0].timeout: ignored, because \"request_timeout\" says the same",
                loaded.problems().get(0).problem().message());
    }

    @Test
    void listsOnlyTheFirstUnknownKeys() {
        String unknown =
                IntStream.range(0, 50).mapToObj(i -> ",\"x" + i + "\":1").collect(Collectors.joining());

        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\"" + unknown + "}]");

        assertEquals(21, loaded.problems().size());
        assertEquals(
                "f.json: [0]: 30 more unknown keys, ignored",
                loaded.problems().get(20).problem().message());
    }

    @Test
    void refusesRelativePathsOfTheApi() {
        ConfigReader reader = new ConfigReader(Map.of(), Path.of("/home/me"));
        var entry = Json.createReader(new StringReader("{\"command\":\"./x\",\"cwd\":\"y\",\"priority\":1.5}"))
                .readObject();

        ProblemException refusal =
                assertThrows(ProblemException.class, () -> reader.entry(new ServerId("a"), entry, "api"));

        assertEquals("invalid_configuration", refusal.problem().code());
        String message = refusal.problem().message();
        assertTrue(
                message.contains("api: command: \"./x\"")
                        && message.contains("api: cwd: \"y\"")
                        && message.contains("priority: 1.5"),
                message);
    }
}
