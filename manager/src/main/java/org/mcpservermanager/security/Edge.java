package org.mcpservermanager.security;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From where requests are accepted.
 *
 * @param remoteEnabled false: only connections from this machine
 * @param hosts host names accepted in {@code Host} besides those of the loopback, without port
 * @param origins origins of web pages accepted besides our own, e.g. {@code https://console.example.com}
 */
public record Edge(boolean remoteEnabled, Set<String> hosts, Set<String> origins) {
    public static final Edge LOOPBACK = new Edge(false, Set.of(), Set.of());
    private static final Set<String> LOOPBACK_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

    public Edge {
        hosts = lowerCase(hosts.stream());
        origins = lowerCase(origins.stream());
        hosts.forEach(Edge::requireHost);
        origins.forEach(Edge::requireOrigin);
    }

    boolean acceptsHost(String host) {
        return LOOPBACK_HOSTS.contains(host) || hosts.contains(host);
    }

    /** Our own pages (same host and port as asked for, or another name of the loopback), or one that was configured. */
    boolean acceptsOrigin(Origin origin, HostPort asked) {
        if (origins.contains(origin.text())) {
            return true;
        }
        boolean samePort = origin.at().portOr(origin.defaultPort()) == asked.portOr(origin.defaultPort());
        boolean sameHost = origin.at().host().equals(asked.host());
        boolean bothLoopback = LOOPBACK_HOSTS.contains(origin.at().host()) && LOOPBACK_HOSTS.contains(asked.host());
        return samePort && (sameHost || bothLoopback);
    }

    private static Set<String> lowerCase(Stream<String> texts) {
        return texts.map(text -> text.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    private static void requireHost(String host) {
        if (HostPort.parse(host).filter(parsed -> parsed.port() < 0).isEmpty()) {
            throw new IllegalArgumentException("allowed host: \"" + host + "\" (expected: a host name without port)");
        }
    }

    private static void requireOrigin(String origin) {
        if (Origin.parse(origin).isEmpty()) {
            throw new IllegalArgumentException("allowed origin: \"" + origin + "\" (expected: http(s)://host[:port])");
        }
    }
}
