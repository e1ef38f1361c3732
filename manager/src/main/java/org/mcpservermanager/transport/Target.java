package org.mcpservermanager.transport;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Where a server is on the network, and what is sent to it with every request. Header values, path and query may be secrets. */
public record Target(URI url, Map<String, String> headers) {
    public Target {
        Objects.requireNonNull(url, "url");
        headers = Map.copyOf(headers);
    }

    HttpRequest.Builder request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(url);
        headers.forEach(request::setHeader);
        return request;
    }

    Target at(URI other) {
        return new Target(other, headers);
    }

    /** Scheme, host and port, as a web page's origin: what may be shown, and what must not change. */
    String origin() {
        return origin(url);
    }

    static String origin(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") || scheme.equals("wss") ? 443 : 80;
        return scheme + "://" + url.getHost() + ":" + (url.getPort() < 0 ? usual : url.getPort());
    }

    boolean isSameOrigin(URI other) {
        return other.getHost() != null && origin().equalsIgnoreCase(origin(other));
    }

    /** Where the answer sends us, as from /mcp to /mcp/; another origin is told nothing of ours. */
    Optional<Target> redirected(HttpResponse<?> answer) {
        int status = answer.statusCode();
        Optional<String> location = answer.headers().firstValue("Location");
        if (location.isEmpty() || status != 301 && status != 302 && status != 307 && status != 308) {
            return Optional.empty();
        }
        try {
            return Optional.of(url.resolve(location.get()))
                    .filter(this::isSameOrigin)
                    .map(this::at);
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "Target[" + origin() + "/..., headers " + headers.keySet() + "]";
    }
}
