package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.manage.rest.Routes;

/** Without the key there is nothing but two probes, wherever one knocks. */
@OnServer
class SecurityIT {
    private static final Set<String> PROBES = Set.of("/health/live", "/health/ready");
    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "FOO");
    private static final List<String> ELSEWHERE = List.of(
            "/messages",
            "/messages?sessionId=x",
            "/ws",
            "/servers/demo/sse",
            "/servers/demo/messages?sessionId=x",
            "/servers/demo/ws",
            "/servers/demo/ws/x",
            "/",
            "/mcp",
            "/mcp/",
            "/mcp/x",
            "/servers/demo/mcp",
            "/servers/demo",
            "/servers/",
            "/groups/",
            "/groups/dev",
            "/groups/dev/mcp",
            "/groups/dev/mcp?tools=search",
            "/groups/dev/sse",
            "/groups/dev/messages?sessionId=x",
            "/groups/dev/ws",
            "/sse",
            "/api",
            "/api/",
            "/api/mcp",
            "/api/nothing",
            "/nothing",
            "/health",
            "/health/",
            "/health/started",
            "/health/live/x",
            "/metrics",
            "/metrics/base",
            "/openapi",
            "/openapi.json",
            "/openapi-ui",
            "/application.wadl",
            "/api/application.wadl",
            "/WEB-INF/web.xml",
            "/WEB-INF/classes/demo/mcp-demo-server.jar",
            "/META-INF/MANIFEST.MF",
            "/management",
            "/asadmin");
    private static final List<String> DISGUISES = List.of(
            "/api/mcp/servers;x=1",
            "/api;x=1/mcp/servers",
            "/;x=1/api/mcp/servers",
            "/%61pi/mcp/servers",
            "/api/mcp/%73ervers",
            "//api/mcp/servers",
            "/api//mcp/servers",
            "/API/mcp/servers",
            "/./api/mcp/servers",
            "/health/../api/mcp/servers",
            "/health/live/../../api/mcp/servers",
            "/health/live/..;/../api/mcp/servers",
            "/health/%2e%2e/api/mcp/servers",
            "/health%2f..%2fapi/mcp/servers",
            "/health/live;/api/mcp/servers",
            "/health/live?/api/mcp/servers",
            "/mcp;x=1",
            "/%6dcp",
            "/servers/demo/mcp;x=1",
            "/servers;x=1/demo/mcp",
            "/servers/%64emo/mcp",
            "/groups/dev/mcp;x=1",
            "/groups;x=1/dev/mcp",
            "/groups/%64ev/mcp",
            "/groups;x=1/dev/ws",
            "/groups/%64ev/ws",
            "/servers/demo/ws;x=1",
            "/servers/%64emo/ws",
            "/servers/%2e%2e/ws",
            "/servers/../ws",
            "/health/../ws",
            "//ws",
            "/ws;x=1",
            "/%77s",
            "/WEB-INF;x=1/web.xml",
            "/%57EB-INF/web.xml");

    private static ManagerUnderTest manager;
    private static Api api;

    @BeforeAll
    static void demoRuns() {
        manager = ManagerUnderTest.get();
        api = Api.of(manager);
        api.awaitPhase("demo", "running");
    }

    private static Set<String> everyPath() {
        Set<String> paths = new TreeSet<>(ELSEWHERE);
        Routes.all()
                .forEach(route ->
                        paths.add(route.path().replaceFirst("\\{id}", "demo").replaceFirst("\\{[^}]*}", "restart")));
        paths.addAll(DISGUISES);
        return paths;
    }

    private static RawHttp.Answer send(String method, String path, String... headers) {
        return RawHttp.send(manager.baseUri(), method, path, List.of(headers));
    }

    /** Its two lines at most, so that a failure says what leaked without printing pages. */
    private static String open(String method, String path, RawHttp.Answer answer) {
        return method + " " + path + ": "
                + answer.text().substring(0, Math.min(300, answer.text().length()));
    }

    @Test
    void thereAreRoutesToTest() {
        assertTrue(Routes.all().size() >= 9, () -> Routes.all().toString());
        assertTrue(everyPath().contains("/api/mcp/servers/demo/restart"), () -> everyPath()
                .toString());
    }

    @Test
    void nothingButTheProbesAnswersWithoutACredential() {
        long before = api.server("demo").getJsonNumber("generation").longValue();
        List<String> open = new ArrayList<>();
        for (String path : everyPath()) {
            for (String method : METHODS) {
                RawHttp.Answer answer = send(method, path);
                if (isOpen(answer) && !isProbe(path)) {
                    open.add(open(method, path, answer));
                }
            }
        }
        assertEquals(List.of(), open);
        assertEquals(before, api.server("demo").getJsonNumber("generation").longValue(), "somebody restarted it");
    }

    @Test
    void noSocketOpensWithoutACredential() {
        List<String> open = new ArrayList<>();
        for (String path : everyPath()) {
            for (String credential : List.of("X-None: x", "Authorization: Bearer wrong")) {
                RawHttp.Answer answer = RawHttp.send(manager.baseUri(), asSocket(path, credential));
                if (isOpen(answer)) {
                    open.add(open("socket with " + credential, path, answer));
                }
            }
        }
        assertEquals(List.of(), open);
    }

    private static String asSocket(String path, String header) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:"
                + manager.baseUri().getPort() + "\r\n" + header
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    }

    /** A redirection is no answer, if it leads to none: Payara makes one of a folder before it asks the application. */
    private static boolean isOpen(RawHttp.Answer answer) {
        if (answer.status() / 100 != 3) {
            return answer.status() < 300;
        }
        Matcher location = Pattern.compile("\nLocation: http://[^/]+(/[^\r]*)").matcher(answer.text());
        return !location.find() || send("GET", location.group(1)).status() < 400;
    }

    private static boolean isProbe(String path) {
        return PROBES.contains(path.replaceFirst("[;?].*", ""));
    }

    @Test
    void theApiAndTheEndpointsSayThatAKeyIsNeededAndNothingElse() {
        List<org.junit.jupiter.api.function.Executable> checks = new ArrayList<>();
        for (Routes.Route route : Routes.all()) {
            String path = route.path().replaceFirst("\\{id}", "nobody").replaceFirst("\\{[^}]*}", "start");
            checks.add(() -> assertEquals(401, send(route.method(), path).status(), route.toString()));
        }
        for (String path : List.of(
                "/mcp",
                "/sse",
                "/messages",
                "/ws",
                "/servers/demo/mcp",
                "/servers/demo/messages",
                "/servers/demo/ws",
                "/servers/nobody/mcp",
                "/groups/nothing/mcp",
                "/groups/nothing/sse",
                "/groups/nothing/messages",
                "/groups/nothing/ws",
                "/api/nothing")) {
            checks.add(() -> assertEquals(401, send("POST", path).status(), path));
        }
        assertAll(checks);
    }

    @Test
    void aWrongCredentialOpensNothingAtAll() {
        List<String> open = new ArrayList<>();
        for (String path : everyPath()) {
            for (String credential : List.of(
                    "Bearer wrong",
                    "Bearer ",
                    "Basic YWRtaW46YWRtaW4=",
                    manager.adminKey(),
                    "Bearer " + manager.adminKey() + "x",
                    "Bearer " + manager.adminKey().substring(1))) {
                RawHttp.Answer answer = send("GET", path, "Authorization: " + credential);
                if (isOpen(answer)) {
                    open.add(open("GET with " + credential.substring(0, 6), path, answer));
                }
            }
        }
        assertEquals(List.of(), open);
    }

    @Test
    void twoCredentialsAreNone() {
        String right = "Authorization: Bearer " + manager.adminKey();

        assertEquals(200, send("GET", "/api/mcp/servers", right).status());
        assertEquals(
                401,
                send("GET", "/api/mcp/servers", right, "Authorization: Bearer wrong")
                        .status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "access_token", "key", "api_key", "authorization", "bearer", "Authorization"})
    void theKeyIsNoParameter(String name) {
        for (String path : List.of("/api/mcp/servers", "/api/mcp/events", "/mcp")) {
            RawHttp.Answer answer = send("GET", path + "?" + name + "=" + manager.adminKey());
            assertEquals(401, answer.status(), path);
        }
        assertEquals(
                401,
                send(
                                "GET",
                                "/api/mcp/servers",
                                "Cookie: " + name + "=" + manager.adminKey(),
                                "X-Api-Key: " + manager.adminKey())
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:80",
                "127.0.0.1.evil.example",
                "10.0.0.1",
                "[2001:db8::1]:80",
                "0.0.0.0"
            })
    void foreignHostsAreRefusedEverywhere(String host) {
        for (String path : List.of("/mcp", "/sse", "/ws", "/api/mcp/servers", "/health/live", "/")) {
            RawHttp.Answer answer = send("GET", path, "Host: " + host, "Authorization: Bearer " + manager.adminKey());
            assertEquals(403, answer.status(), path + ": " + answer.text());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://evil.example", "https://127.0.0.1.evil.example", "null", "file://", "http://127.0.0.1:1"
            })
    void foreignOriginsAreRefusedEverywhere(String origin) {
        for (String path : List.of("/mcp", "/messages", "/ws", "/api/mcp/servers", "/health/live")) {
            RawHttp.Answer answer =
                    send("POST", path, "Origin: " + origin, "Authorization: Bearer " + manager.adminKey());
            assertEquals(403, answer.status(), path + ": " + answer.text());
            assertFalse(answer.text().contains("Access-Control-Allow-Origin"), answer.text());
        }
    }

    @Test
    void ambiguousRequestsAreRefused() {
        int port = manager.baseUri().getPort();
        String own = "127.0.0.1:" + port;
        String key = "Authorization: Bearer " + manager.adminKey();
        String end = key + "\r\nConnection: close\r\n\r\n";
        List<String> requests = List.of(
                "GET /api/mcp/servers HTTP/1.1\r\n" + end,
                "GET /api/mcp/servers HTTP/1.1\r\nHost: " + own + "\r\nHost: evil.example\r\n" + end,
                "GET http://evil.example/api/mcp/servers HTTP/1.1\r\nHost: " + own + "\r\n" + end);
        for (String request : requests) {
            int status = RawHttp.send(manager.baseUri(), request).status();
            assertTrue(status == 400 || status == 403, status + " for " + request.replace(manager.adminKey(), "KEY"));
        }
    }

    @Test
    void theKeyIsInNoAnswer() {
        String key = "Authorization: Bearer " + manager.adminKey();
        for (String path : everyPath()) {
            if (!path.endsWith("/events") && !path.endsWith("/sse")) { // their answers do not end
                assertFalse(send("GET", path, key).text().contains(manager.adminKey()), path);
            }
            assertFalse(send("TRACE", path, key).text().contains(manager.adminKey()), "TRACE " + path);
        }
        McpClient client = api.client("demo");
        client.open();
        client.close();
    }

    @Test
    void theKeyIsInNoFileButItsOwn() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : List.of(Path.of(ItSettings.required("it.directory")), manager.stateDir())) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    if (!file.getFileName().toString().equals("admin.key") && contains(file)) {
                        found.add(file);
                    }
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    void theKeyIsInNoProcess() throws IOException {
        List<ProcessHandle> processes = ProcessHandle.current().descendants().toList();
        assertTrue(processes.size() >= 2, "the server's JVM and the demo server: " + processes);
        List<String> found = new ArrayList<>();
        for (ProcessHandle process : processes) {
            for (String name : List.of("cmdline", "environ")) {
                if (contains(Path.of("/proc", Long.toString(process.pid()), name))) {
                    found.add(name + " of " + process.pid());
                }
            }
        }
        assertEquals(List.of(), found);
    }

    private static boolean contains(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(manager.adminKey());
        } catch (NoSuchFileException gone) {
            return false;
        } catch (IOException unreadable) {
            if (file.startsWith("/proc")) { // the process ended
                return false;
            }
            throw unreadable;
        }
    }
}
