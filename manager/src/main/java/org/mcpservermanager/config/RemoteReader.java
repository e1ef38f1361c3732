package org.mcpservermanager.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.mcpservermanager.server.Wire;

/** Reads where a server on the network is, and what it is told with each request. */
final class RemoteReader {
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Set<String> HEADERS_OF_OTHERS =
            Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");

    private final Fields fields;
    private final Resolver resolver;

    RemoteReader(Fields fields, Variables variables) {
        this.fields = fields;
        this.resolver = new Resolver(fields, variables);
    }

    Optional<Wire> http(boolean sse) {
        Map<String, String> headers = headers();
        return url(Set.of("http", "https")).map(url -> new Wire.Http(url, headers, sse));
    }

    Optional<Wire> webSocket() {
        Map<String, String> headers = headers();
        return url(Set.of("ws", "wss")).map(url -> new Wire.WebSocket(url, headers));
    }

    Optional<Wire> tcp() {
        String host = fields.text(Key.HOST)
                .map(text -> resolver.resolve(text, "host"))
                .orElse("");
        Optional<Integer> port = fields.integer(Key.PORT, 1, WireReader.PORT_MAX);
        if (!HOST.matcher(host).matches() || port.isEmpty()) {
            if (!fields.report().hasErrors()) {
                fields.report()
                        .error(
                                fields.path("host"),
                                "tcp without host and port (expected: both)",
                                "Give \"host\" and \"port\" for a remote server, or \"command\" for a process that the"
                                        + " manager starts.");
            }
            return Optional.empty();
        }
        return Optional.of(new Wire.Tcp(host, port.get()));
    }

    private Optional<URI> url(Set<String> schemes) {
        String name = fields.find(Key.URL).map(Fields.Found::name).orElse("url");
        Optional<String> text = fields.text(Key.URL).map(raw -> resolver.resolve(raw, name));
        if (text.isEmpty() || fields.report().hasErrors()) {
            return Optional.empty();
        }
        try {
            URI url = new URI(text.get());
            boolean fits =
                    url.getScheme() != null && schemes.contains(url.getScheme().toLowerCase(Locale.ROOT));
            if (fits && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            // Reported below, without the value: a URL may carry a key in its query.
        }
        fields.report()
                .error(
                        fields.path(name),
                        "not a usable URL (expected: " + String.join(" or ", new TreeSet<>(schemes))
                                + "://host/path, without user and fragment)",
                        "Correct the URL; credentials go into headers.");
        return Optional.empty();
    }

    private Map<String, String> headers() {
        String key = fields.find(Key.HEADERS).map(Fields.Found::name).orElse("headers");
        Map<String, String> headers = new LinkedHashMap<>();
        fields.map(Key.HEADERS).forEach((name, value) -> {
            String path = key + "." + name;
            String resolved = resolver.resolve(value, path);
            if (HEADERS_OF_OTHERS.contains(name.toLowerCase(Locale.ROOT))) {
                fields.report()
                        .error(
                                fields.path(path),
                                "a header that the connection itself needs (expected: another one)",
                                "Remove it.");
            }
            if (!HEADER_NAME.matcher(name).matches()
                    || resolved.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f)) {
                fields.report()
                        .error(
                                fields.path(path),
                                "not an HTTP header (expected: a token, and a value without control characters)",
                                "Correct name and value.");
            }
            headers.put(name, resolved);
        });
        return headers;
    }
}
