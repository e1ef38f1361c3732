package org.mcpservermanager.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.DispatcherType;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthFilterTest {
    private static final Keys KEYS =
            token -> token.equals("right") ? Optional.of(new Caller.Known("olga", Role.OPERATOR)) : Optional.empty();

    private static AuthFilter filter(Edge edge) {
        AuthFilter filter = new AuthFilter();
        filter.use(edge, KEYS);
        return filter;
    }

    private static AuthFilter filter() {
        return filter(Edge.LOOPBACK);
    }

    private static void assertRefused(FakeExchange exchange, int status, String code) {
        assertNull(exchange.passedOn, "passed on");
        assertEquals(status, exchange.status, exchange.body());
        assertTrue(exchange.body().contains("\"code\":\"" + code + "\""), exchange.body());
        assertEquals("application/json", exchange.responseHeaders.get("Content-Type"));
        assertEquals("no-store", exchange.responseHeaders.get("Cache-Control"));
    }

    @Test
    void passesAnonymousLocalRequestsOnWithoutAPrincipal() throws Exception {
        FakeExchange exchange = FakeExchange.local().through(filter());
        assertNull(exchange.passedOn.getUserPrincipal());
        assertFalse(exchange.passedOn.isUserInRole("viewer"));
        assertEquals(new Caller.Anonymous(), Caller.of(exchange.passedOn));
    }

    @Test
    void answersNoOptionsToTheAnonymous() throws Exception {
        FakeExchange exchange = FakeExchange.local();
        exchange.method = "OPTIONS";
        exchange.through(filter());
        assertEquals(401, exchange.status);
        assertNull(exchange.passedOn);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer right", "bearer right", "BEARER   right "})
    void knowsTheCallerOfARightKey(String header) throws Exception {
        FakeExchange exchange =
                FakeExchange.local().header("Authorization", header).through(filter());
        assertEquals("olga", exchange.passedOn.getUserPrincipal().getName());
        assertEquals("olga", exchange.passedOn.getRemoteUser());
        assertTrue(exchange.passedOn.isUserInRole("viewer"));
        assertFalse(exchange.passedOn.isUserInRole("admin"));
        assertFalse(exchange.passedOn.isUserInRole("nonsense"));
        assertEquals(new Caller.Known("olga", Role.OPERATOR), Caller.of(exchange.passedOn));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Bearer wrong", "Bearer", "Bearer ", "Basic cmlnaHQ=", "right", "", "Bearer right, Bearer right"
            })
    void refusesAWrongCredentialEverywhere(String header) throws Exception {
        FakeExchange exchange =
                FakeExchange.local().header("Authorization", header).through(filter());
        assertRefused(exchange, 401, "invalid_credential");
        assertTrue(exchange.responseHeaders.get("WWW-Authenticate").contains("invalid_token"));
    }

    @Test
    void refusesTwoCredentials() throws Exception {
        FakeExchange exchange = FakeExchange.local()
                .header("Authorization", "Bearer right")
                .header("Authorization", "Bearer right")
                .through(filter());
        assertRefused(exchange, 401, "invalid_credential");
    }

    @Test
    void hidesTheCredentialFromWhatFollows() throws Exception {
        FakeExchange exchange =
                FakeExchange.local().header("Authorization", "Bearer right").through(filter());
        assertNull(exchange.passedOn.getHeader("authorization"));
        assertFalse(exchange.passedOn.getHeaders("AUTHORIZATION").hasMoreElements());
        assertEquals(Set.of("Host"), Set.copyOf(Collections.list(exchange.passedOn.getHeaderNames())));
    }

    @Test
    void overwritesAnIdentityThatWasThereBefore() throws Exception {
        FakeExchange exchange = FakeExchange.local();
        exchange.attributes.put(Caller.ATTRIBUTE, new Caller.Known("mallory", Role.ADMIN));
        exchange.through(filter());
        assertEquals(new Caller.Anonymous(), Caller.of(exchange.passedOn));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ASYNC", "ERROR"})
    void keepsTheIdentityOnALaterDispatch(String dispatch) throws Exception {
        FakeExchange exchange = FakeExchange.local();
        exchange.attributes.put(Caller.ATTRIBUTE, new Caller.Known("olga", Role.OPERATOR));
        exchange.dispatch = DispatcherType.valueOf(dispatch);
        exchange.through(filter());
        assertEquals("olga", exchange.passedOn.getUserPrincipal().getName());
    }

    @Test
    void checksAnErrorDispatchThatWasNeverChecked() throws Exception {
        FakeExchange exchange = new FakeExchange().header("Host", "evil.example.com");
        exchange.dispatch = DispatcherType.ERROR;
        assertRefused(exchange.through(filter()), 403, "host_not_allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "192.168.1.7,192.168.1.2",
        "192.168.1.7,127.0.0.1",
        "127.0.0.1,192.168.1.2",
        "2001:db8::1,::1",
        "localhost,127.0.0.1",
        "'',''"
    })
    void refusesWhatDoesNotComeFromThisMachine(String remote, String local) throws Exception {
        FakeExchange exchange = FakeExchange.local().header("Authorization", "Bearer right");
        exchange.remoteAddress = remote;
        exchange.localAddress = local;
        assertRefused(exchange.through(filter()), 403, "remote_disabled");
        assertTrue(exchange.body().contains("mcp.manager.remote.enabled"), exchange.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"})
    void acceptsEveryFormOfTheLoopback(String address) throws Exception {
        FakeExchange exchange = FakeExchange.local();
        exchange.remoteAddress = address;
        exchange.localAddress = address;
        assertEquals("localhost:8080", exchange.through(filter()).passedOn.getHeader("Host"));
    }

    @Test
    void acceptsOthersWhenRemoteIsEnabledForTheConfiguredHostOnly() throws Exception {
        AuthFilter filter = filter(new Edge(true, Set.of("MCP.example.com"), Set.of()));
        FakeExchange right = new FakeExchange().header("Host", "mcp.example.com");
        right.url = "https://mcp.example.com/mcp";
        right.remoteAddress = "192.168.1.7";
        assertEquals("mcp.example.com", right.through(filter).passedOn.getHeader("Host"));
        FakeExchange wrong = new FakeExchange().header("Host", "other.example.com");
        wrong.remoteAddress = "192.168.1.7";
        assertRefused(wrong.through(filter), 403, "host_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:80", "127.0.0.1:9999", "[::1]", "[::1]:8080"})
    void acceptsTheNamesOfTheLoopback(String host) throws Exception {
        assertEquals(
                host,
                new FakeExchange()
                        .header("Host", host)
                        .through(filter())
                        .passedOn
                        .getHeader("Host"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example.com",
                "localhost.evil.com",
                "127.0.0.1.nip.io",
                "0.0.0.0:8080",
                "10.0.0.1",
                "127.1",
                "localhost."
            })
    void refusesForeignHosts(String host) throws Exception {
        assertRefused(new FakeExchange().header("Host", host).through(filter()), 403, "host_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost@evil.com",
                "localhost/evil",
                "localhost:99999",
                "localhost:80:80",
                "a b",
                "localhost,evil.com"
            })
    void refusesMalformedHosts(String host) throws Exception {
        assertRefused(new FakeExchange().header("Host", host).through(filter()), 400, "host_not_allowed");
    }

    @Test
    void refusesNoHostAndTwoHosts() throws Exception {
        assertRefused(new FakeExchange().through(filter()), 400, "host_not_allowed");
        assertRefused(FakeExchange.local().header("Host", "localhost:8080").through(filter()), 400, "host_not_allowed");
    }

    @Test
    void takesTheAuthorityOfHttp2ForTheHost() throws Exception {
        FakeExchange exchange = new FakeExchange();
        exchange.protocol = "HTTP/2.0";
        exchange.through(filter());
        assertEquals(new Caller.Anonymous(), Caller.of(exchange.passedOn));
    }

    @Test
    void refusesAForeignHostInAnAbsoluteRequestLine() throws Exception {
        FakeExchange exchange = FakeExchange.local();
        exchange.url = "http://evil.example.com/mcp";
        assertRefused(exchange.through(filter()), 403, "host_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8080",
                "http://127.0.0.1:8080",
                "http://[::1]:8080",
                "HTTP://LOCALHOST:8080",
                "https://localhost:8080"
            })
    void acceptsOurOwnPages(String origin) throws Exception {
        assertEquals(
                origin,
                FakeExchange.local()
                        .header("Origin", origin)
                        .through(filter())
                        .passedOn
                        .getHeader("Origin"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "http://evil.example.com",
                "http://localhost",
                "http://localhost:8081",
                "http://localhost:8080.evil.com",
                "http://localhost.evil.com:8080",
                "http://evil-localhost:8080",
                "http://localhost:8080@evil.com",
                "http://localhost:8080/",
                "file://",
                "chrome-extension://abcdef",
                "localhost:8080",
                "http://0.0.0.0:8080"
            })
    void refusesForeignPages(String origin) throws Exception {
        FakeExchange exchange = FakeExchange.local().header("Origin", origin).header("Authorization", "Bearer right");
        assertRefused(exchange.through(filter()), 403, "origin_not_allowed");
    }

    @Test
    void refusesTwoOrigins() throws Exception {
        FakeExchange exchange = FakeExchange.local()
                .header("Origin", "http://localhost:8080")
                .header("Origin", "http://localhost:8080");
        assertRefused(exchange.through(filter()), 403, "origin_not_allowed");
    }

    @Test
    void acceptsAConfiguredOriginExactly() throws Exception {
        AuthFilter filter = filter(new Edge(false, Set.of(), Set.of("https://console.example.com")));
        assertEquals(
                "olga",
                FakeExchange.local()
                        .header("Origin", "https://console.example.com")
                        .header("Authorization", "Bearer right")
                        .through(filter)
                        .passedOn
                        .getRemoteUser());
        assertRefused(
                FakeExchange.local()
                        .header("Origin", "http://console.example.com")
                        .through(filter),
                403,
                "origin_not_allowed");
    }

    @Test
    void sendsTheHeadersThatTieBrowsersDown() throws Exception {
        FakeExchange exchange = FakeExchange.local().through(filter());
        assertEquals("nosniff", exchange.responseHeaders.get("X-Content-Type-Options"));
        assertTrue(exchange.responseHeaders.get("Content-Security-Policy").contains("script-src 'self'"));
    }

    @Test
    void keepsControlCharactersOutOfRefusals() throws Exception {
        FakeExchange exchange = FakeExchange.local()
                .header("Origin", "http://a\r\nSet-Cookie: x\u001b[31m")
                .through(filter());
        assertRefused(exchange, 403, "origin_not_allowed");
        assertFalse(exchange.body().contains("\\r") || exchange.body().contains("\\u001b"), exchange.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "a:80", "http://a", "", "a/b"})
    void refusesAllowedHostsThatAreNone(String host) {
        assertThrows(IllegalArgumentException.class, () -> new Edge(true, Set.of(host), Set.of()));
    }
}
