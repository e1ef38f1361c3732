package org.mcpservermanager.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mcpservermanager.server.Text;

/** Where a request comes from and what it thinks it talks to: the guard against web pages, rebinding and the network. */
record EdgeCheck(Edge edge) {
    /** Keeps {@link InetAddress#getByName} from ever asking a name server. */
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%.*)?");

    Optional<Refusal> refuse(HttpServletRequest request) {
        return refuseRemote(request).or(() -> refuseNames(request));
    }

    private Optional<Refusal> refuseRemote(HttpServletRequest request) {
        if (edge.remoteEnabled() || (isLoopback(request.getRemoteAddr()) && isLoopback(request.getLocalAddr()))) {
            return Optional.empty();
        }
        return Optional.of(
                Refusal.of(
                        403,
                        Refusal.REMOTE_DISABLED,
                        "This manager answers only on the machine it runs on.",
                        "Connect to 127.0.0.1, or set mcp.manager.remote.enabled=true and mcp.manager.allowed-hosts on the manager."));
    }

    private Optional<Refusal> refuseNames(HttpServletRequest request) {
        List<String> hosts = Collections.list(request.getHeaders("Host"));
        boolean pseudoHeader = hosts.isEmpty() && request.getProtocol().startsWith("HTTP/2");
        Optional<HostPort> asked = HostPort.parse(authority(request));
        Optional<HostPort> host =
                pseudoHeader ? asked : hosts.size() == 1 ? HostPort.parse(hosts.get(0)) : Optional.empty();
        if (host.isEmpty() || asked.isEmpty()) {
            return Optional.of(Refusal.of(
                    400,
                    Refusal.HOST_NOT_ALLOWED,
                    "The request has no Host header, several, or one that is not a host name.",
                    "Send exactly one Host header."));
        }
        if (!edge.acceptsHost(host.get().host())) {
            return Optional.of(hostRefused(host.get().host()));
        }
        if (!edge.acceptsHost(asked.get().host())) {
            return Optional.of(hostRefused(asked.get().host()));
        }
        return refuseOrigin(Collections.list(request.getHeaders("Origin")), host.get());
    }

    private Optional<Refusal> refuseOrigin(List<String> origins, HostPort host) {
        if (origins.isEmpty()) {
            return Optional.empty();
        }
        Optional<Origin> origin = origins.size() == 1 ? Origin.parse(origins.get(0)) : Optional.empty();
        if (origin.isPresent() && edge.acceptsOrigin(origin.get(), host)) {
            return Optional.empty();
        }
        return Optional.of(Refusal.of(
                403,
                Refusal.ORIGIN_NOT_ALLOWED,
                "Web pages of the origin '" + Text.oneLine(origins.get(0), 120) + "' may not use this manager.",
                "Add the origin to mcp.manager.allowed-origins on the manager if you trust it."));
    }

    /** Differs from the Host header when the request line is in absolute form. */
    private static String authority(HttpServletRequest request) {
        String url = request.getRequestURL().toString();
        int start = url.indexOf("://") + 3;
        int end = url.indexOf('/', start);
        return end < 0 ? url.substring(start) : url.substring(start, end);
    }

    private static Refusal hostRefused(String host) {
        return Refusal.of(
                403,
                Refusal.HOST_NOT_ALLOWED,
                "The host name '" + Text.oneLine(host, 120) + "' is not one of this manager's.",
                "Use localhost, or add the name to mcp.manager.allowed-hosts on the manager.");
    }

    private static boolean isLoopback(String address) {
        if (address == null || !LITERAL.matcher(address).matches()) {
            return false;
        }
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
