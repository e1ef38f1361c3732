package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;

class ConfigReaderTest {
    private static final ConfigReader READER = new ConfigReader(Map.of("TOKEN", "s3cret"), Path.of("/home/me"));

    static Loaded read(String json) {
        return READER.read(json.getBytes(StandardCharsets.UTF_8), "f.json", Path.of("/etc/mcp"));
    }

    static ServerSpec only(String json) {
        Loaded loaded = read(json);
        assertEquals(List.of(), loaded.problems());
        assertEquals(1, loaded.specs().size());
        return loaded.specs().get(0);
    }

    static Problem problem(String json) {
        Loaded loaded = read(json);
        assertEquals(1, loaded.problems().size(), () -> loaded.problems().toString());
        return loaded.problems().get(0).problem();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"mcpServers\":{\"Git Hub\":{\"command\":\"c\",\"args\":[\"a\",1]}}}",
                "{\"servers\":{\"Git Hub\":{\"type\":\"stdio\",\"command\":\"c\",\"args\":[\"a\",1]}},\"inputs\":[]}",
                "{\"servers\":[{\"id\":\"git-hub\",\"name\":\"Git Hub\",\"command\":\"c\",\"args\":[\"a\",\"1\"],\"transport\":\"stdio\"}]}",
                "[{\"name\":\"Git Hub\",\"command\":[\"c\",\"a\",\"1\"]}]",
                "{\"context_servers\":{\"Git Hub\":{\"command\":\"c\",\"args\":[\"a\",\"1\"],}}, /* Zed */ }",
                "\ufeff// first\n{\"mcpServers\":{\"git-hub\":{\"name\":\"Git Hub\",\"command\":\"c\",\"args\":[\"a\",\"1\",],},},}"
            })
    void readsEveryShape(String json) {
        ServerSpec spec = only(json);

        assertEquals("git-hub", spec.id().value());
        assertEquals("Git Hub", spec.name());
        assertEquals(new Wire.Stdio("c", List.of("a", "1"), Map.of(), ""), spec.wire());
        assertTrue(spec.source().startsWith("f.json "), spec.source());
    }

    @ParameterizedTest
    @CsvSource({
        "'',http",
        "http,http",
        "streamable-http,http",
        "streamableHttp,http",
        "streamable_http,http",
        "sse,sse",
        "SSE,sse"
    })
    void readsRemoteServers(String type, String transport) {
        String typed = type.isEmpty() ? "" : "\"type\":\"" + type + "\",";
        ServerSpec spec = only("{\"mcpServers\":{\"r\":{" + typed
                + "\"url\":\"https://h.example/mcp?x=1\",\"headers\":{\"Authorization\":\"Bearer ${TOKEN}\"}}}}");

        Wire.Http http = (Wire.Http) spec.wire();
        assertEquals(URI.create("https://h.example/mcp?x=1"), http.url());
        assertEquals(Map.of("Authorization", "Bearer s3cret"), http.headers());
        assertEquals(transport, http.transport());
    }

    @Test
    void leavesOutServersThatComeAfterEachOther() {
        Loaded loaded = read("{\"mcpServers\":{\"a\":{\"command\":\"c\",\"requires\":[\"b\"]},"
                + "\"b\":{\"command\":\"c\",\"after\":[\"a\"]},\"d\":{\"command\":\"c\",\"bind\":[\"a\"]}}}");

        assertEquals(
                List.of("d"),
                loaded.specs().stream().map(spec -> spec.id().value()).toList());
        assertEquals(Set.of(new ServerId("a"), new ServerId("b")), loaded.refused());
        assertEquals(
                "f.json: mcpServers.a: servers come after each other: \"a\" after \"b\" after \"a\" (expected: no cycle)",
                loaded.problems().get(0).problem().message());
    }

    @Test
    void resolvesPathsFromTheFileAndHome() {
        Wire.Stdio stdio = (Wire.Stdio) only("[{\"id\":\"a\",\"command\":\"./bin/../x\",\"cwd\":\"~/w\"}]")
                .wire();
        Wire.Stdio other = (Wire.Stdio)
                only("[{\"id\":\"a\",\"command\":\"~/x\",\"cwd\":\"w\"}]").wire();
        Wire.Stdio named = (Wire.Stdio)
                only("[{\"id\":\"a\",\"command\":\"npx\",\"cwd\":\"/abs\"}]").wire();

        assertEquals(List.of("/etc/mcp/x", "/home/me/w"), List.of(stdio.command(), stdio.directory()));
        assertEquals(List.of("/home/me/x", "/etc/mcp/w"), List.of(other.command(), other.directory()));
        assertEquals(List.of("npx", "/abs"), List.of(named.command(), named.directory()));
    }

    @Test
    void leavesOutOnlyTheEntryWhoseVariableIsMissing() {
        Loaded loaded = read(
                """
                {"mcpServers":{
                  "good":{"command":"c","env":{"T":"${TOKEN}"}},
                  "bad":{"command":"c","env":{"T":"${NOT_SET}"}},
                  "other":{"command":"c"}}}""");

        assertEquals(
                List.of("good", "other"),
                loaded.specs().stream().map(s -> s.id().value()).toList());
        assertEquals(Set.of(new ServerId("bad")), loaded.refused());
        ConfigProblem problem = loaded.problems().get(0);
        assertEquals("mcpServers.bad.env.T", problem.key());
        assertEquals(
                "f.json: mcpServers.bad.env.T: the variable NOT_SET is not set",
                problem.problem().message());
    }

    @Test
    void collectsAllProblemsOfAnEntry() {
        Loaded loaded = read(
                "[{\"id\":\"a\",\"command\":\"c\",\"priority\":\"high\",\"timeout\":60,\"isolation\":\"none\",\"tags\":7}]");

        assertEquals(
                List.of("[0].priority", "[0].tags", "[0].isolation", "[0].timeout"),
                loaded.problems().stream().map(ConfigProblem::key).toList());
        assertTrue(loaded.specs().isEmpty());
    }

    @Test
    void suggestsTheKeyThatWasMeant() {
        Loaded loaded =
                read("{\"mcpServers\":{\"a\":{\"command\":\"c\",\"enviroment\":{},\"xyzzy\":1,\"alwaysAllow\":[]}}}");

        assertEquals(1, loaded.specs().size());
        assertEquals(
                List.of("Remove it, or ignore this.", "Did you mean \"environment\"?", "Remove it."),
                loaded.problems().stream().map(p -> p.problem().remedy()).toList());
        assertFalse(loaded.problems().stream().anyMatch(ConfigProblem::isError));
    }

    @Test
    void refusesTheSecondOfTwoNamesThatGiveOneId() {
        Loaded loaded =
                read("{\"mcpServers\":{\"GitHub\":{\"command\":\"first\"},\"github\":{\"command\":\"second\"}}}");

        assertEquals("first", ((Wire.Stdio) loaded.specs().get(0).wire()).command());
        assertEquals(1, loaded.specs().size());
        assertEquals(
                Problem.SERVER_ALREADY_EXISTS,
                loaded.problems().get(0).problem().code());
        assertEquals(
                2,
                read("[{\"name\":\"A\",\"command\":\"c\"},{\"name\":\"a\",\"id\":\"a-2\",\"command\":\"c\"}]")
                        .specs()
                        .size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|not JSON at line 1",
                "|not JSON",
                "7|not JSON",
                "{} x|not JSON",
                "{\"mcpServers\":{\"a\":{\"command\":\"c\"},\"a\":{\"command\":\"d\"}}}|not JSON",
                "{\"mcpserver\":{}}|no servers in it",
                "{\"mcpServers\":7}|mcpServers: neither an object nor an array",
                "[7]|[0]: not an object",
                "[{\"command\":\"c\"}]|[0]: \"\" gives no id",
                "[{\"id\":\"a\"}]|[0]: neither command nor url",
                "[{\"id\":\"a\",\"command\":\"c\",\"url\":\"http://h\"}]|[0]: both command and url",
                "[{\"id\":\"a\",\"command\":\"\"}]|[0].command: empty",
                "[{\"id\":\"a\",\"command\":7}]|[0].command: a value of type number",
                "[{\"id\":\"a\",\"command\":\"c\",\"args\":\"x\"}]|[0].args: a value of type string",
                "[{\"id\":\"a\",\"command\":\"c\",\"args\":[{}]}]|[0].args[0]: a value of type object",
                "[{\"id\":\"a\",\"command\":\"c\",\"env\":{\"A\":null}}]|[0].env.A: a value of type null",
                "[{\"id\":\"a\",\"command\":\"c\",\"env\":{\"A=B\":\"x\"}}]|[0].env.A=B: not a name",
                "[{\"id\":\"a\",\"command\":\"c\\u0000\"}]|[0].command: contains a NUL",
                "[{\"id\":\"a\",\"command\":\"c\",\"type\":\"sse\"}]|[0].type: \"sse\" (expected: stdio",
                "[{\"id\":\"a\",\"url\":\"http://h\",\"type\":\"stdio\"}]|[0].type: \"stdio\" (expected: http",
                "[{\"id\":\"a\",\"url\":\"ftp://h\"}]|[0].url: not a usable URL",
                "[{\"id\":\"a\",\"url\":\"http://u:s3cret@h\"}]|[0].url: not a usable URL",
                "[{\"id\":\"a\",\"url\":\"/mcp\"}]|[0].url: not a usable URL",
                "[{\"id\":\"a\",\"url\":\"http://h\",\"headers\":{\"A B\":\"x\"}}]|[0].headers.A B: not an HTTP header",
                "[{\"id\":\"a\",\"url\":\"http://h\",\"headers\":{\"A\":\"s3cret\\r\\nB: c\"}}]|[0].headers.A: not an HTTP header",
                "[{\"id\":\"a\",\"url\":\"http://h\",\"headers\":{\"Host\":\"x\"}}]|[0].headers.Host: a header that the connection",
                "[{\"id\":\"a\",\"url\":\"http://h\",\"type\":\"websocket\"}]|[0].url: not a usable URL (expected: ws or wss",
                "[{\"id\":\"a\",\"type\":\"tcp\",\"host\":\"h\"}]|[0].host: tcp without host and port",
                "[{\"id\":\"a\",\"type\":\"http\",\"command\":\"c\",\"path\":\"mcp\"}]|[0].path: \"mcp\" (expected: the path",
                "[{\"id\":\"a\",\"type\":\"http\",\"command\":\"c\",\"port\":70000}]|[0].port: ",
                "[{\"id\":7,\"name\":\"a\",\"command\":\"c\"}]|[0].id: a value of type number",
                "[{\"id\":\"a\",\"command\":\"c\",\"enabled\":true,\"disabled\":true}]|[0].disabled: true, while enabled is true",
                "[{\"id\":\"a\",\"command\":\"c\",\"enabled\":\"yes\"}]|[0].enabled: a value of type string (expected: true or false)"
            })
    void saysWhereAndWhatIsWrong(String json, String what) {
        Problem problem = problem(json == null ? "" : json);

        assertTrue(problem.message().startsWith("f.json: " + what), problem.message());
        assertFalse(problem.remedy().isEmpty());
        assertFalse(problem.message().contains("s3cret"), problem.message());
    }

    @Test
    void warnsOfASecretInTheCommandLine() {
        Loaded loaded = read("[{\"id\":\"a\",\"command\":\"c\",\"args\":[\"--token\",\"${TOKEN}\"]}]");

        assertEquals(1, loaded.specs().size());
        assertEquals(
                ConfigProblem.SECRET_IN_ARGUMENTS,
                loaded.problems().get(0).problem().code());
        assertEquals("[0].args[1]", loaded.problems().get(0).key());
    }

    @Test
    void neverShowsValuesOfEnvironmentAndHeaders() {
        Loaded loaded = read(
                """
                {"mcpServers":{"a":{"command":"c","env":{"T":["s3cret"]}},"b":{"command":"c","env":"s3cret"},
                 "c":{"url":"http://h/?k=s3cret#f","headers":{"X":"s3cret\\n"}},"d":{"command":"c","args":"s3cret"}}}""");

        assertEquals(
                Set.of("a", "b", "c", "d"),
                Set.copyOf(loaded.refused().stream().map(ServerId::value).toList()));
        assertFalse(loaded.problems().toString().contains("s3cret"), () -> loaded.problems()
                .toString());
    }

    @Test
    void boundsSizeAndDepth() {
        assertTrue(problem(" ".repeat(JsonText.BYTES_MAX + 1)).message().contains("at most 1 MiB"));
        assertTrue(problem("[".repeat(65) + "]".repeat(65)).message().contains("64 levels"));
        assertEquals(
                "f.json: not valid UTF-8",
                READER.read(new byte[] {'[', (byte) 0xff, ']'}, "f.json", Path.of("/"))
                        .problems()
                        .get(0)
                        .problem()
                        .message());
    }

    @Test
    void readsFilesAndSaysWhyItCannot(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("mcp.json");
        Files.writeString(file, "[{\"id\":\"a\",\"command\":\"./run\"}]");

        Loaded loaded = READER.read(file);
        Loaded missing = READER.read(directory.resolve("no.json"));
        Loaded folder = READER.read(directory);

        assertEquals(
                directory.resolve("run").toString(),
                ((Wire.Stdio) loaded.specs().get(0).wire()).command());
        assertTrue(missing.isUnreadable());
        assertTrue(missing.problems().get(0).problem().message().endsWith("no.json: does not exist"));
        assertTrue(folder.problems().get(0).problem().message().endsWith("is not a regular file"));
    }

    @Test
    void takesTheFirstOfTwoFilesThatDefineAServer() {
        Loaded both = read("[{\"id\":\"a\",\"command\":\"one\"}]")
                .and(read("[{\"id\":\"a\",\"command\":\"two\"},{\"id\":\"b\",\"command\":\"c\"}]"));

        assertEquals(
                List.of("a", "b"),
                both.specs().stream().map(s -> s.id().value()).toList());
        assertEquals("one", ((Wire.Stdio) both.specs().get(0).wire()).command());
        assertEquals(
                Problem.SERVER_ALREADY_EXISTS, both.problems().get(0).problem().code());
    }
}
