package org.mcpservermanager.supervision;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.mcpservermanager.health.Probe;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Text;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.transport.Knock;
import org.mcpservermanager.transport.Target;
import org.mcpservermanager.transport.Web;

/** Checks a server from outside MCP. */
final class Outside implements Probe {
    /** Begins one attempt; whoever completes it has given up. */
    private interface Attempt {
        CompletableFuture<Optional<String>> begin();
    }

    private final String question;
    private final Attempt attempt;

    private Outside(String question, Attempt attempt) {
        this.question = question;
        this.attempt = attempt;
    }

    /** Empty when it is to be asked by MCP, or has no such address. */
    static Optional<Probe> of(HealthPolicy.Way way, Wire reached, Web web) {
        return switch (way.kind()) {
            case MCP, CUSTOM -> Optional.empty();
            case NETWORK -> network(reached, web);
            case HTTP -> target(reached).map(target -> page(target, way.path(), web));
        };
    }

    private static Optional<Probe> network(Wire reached, Web web) {
        if (reached instanceof Wire.Tcp tcp) {
            return Optional.of(port(tcp.host(), tcp.port(), web));
        }
        return target(reached).map(Target::url).map(url -> port(url.getHost(), port(url), web));
    }

    private static int port(URI url) {
        int usual = url.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        return url.getPort() < 0 ? usual : url.getPort();
    }

    private static Probe port(String host, int port, Web web) {
        return new Outside("a connection to port " + port, () -> {
            CompletableFuture<Void> connected = Knock.connect(host, port, web);
            return ended(connected, connected.thenApply(none -> Optional.<String>empty()), "port " + port);
        });
    }

    private static Probe page(Target target, String path, Web web) {
        // a query may hold a secret
        String shown = "GET " + path.replaceFirst("\\?.*", "?...");
        return new Outside(shown, () -> {
            CompletableFuture<Integer> status = Knock.get(target, path, web);
            return ended(status, status.thenApply(code -> issue(shown, code)), shown);
        });
    }

    private static Optional<String> issue(String shown, int status) {
        return status >= 200 && status < 300
                ? Optional.empty()
                : Optional.of(shown + " was answered with status " + status + " (expected: 200 to 299)");
    }

    private static CompletableFuture<Optional<String>> ended(
            CompletableFuture<?> knock, CompletableFuture<Optional<String>> seen, String what) {
        CompletableFuture<Optional<String>> verdict = new CompletableFuture<>();
        seen.whenComplete((issue, failure) -> {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof IOException) {
                verdict.complete(Optional.of(what + " cannot be reached: " + words(cause)));
            } else if (cause != null) {
                verdict.completeExceptionally(cause);
            } else {
                verdict.complete(issue);
            }
        });
        verdict.whenComplete((issue, failure) -> knock.cancel(true));
        return verdict;
    }

    private static String words(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : Text.oneLine(cause.getMessage(), 200);
    }

    private static Optional<Target> target(Wire reached) {
        if (reached instanceof Wire.Http http) {
            return Optional.of(new Target(http.url(), http.headers()));
        }
        return reached instanceof Wire.WebSocket socket
                ? Optional.of(new Target(asHttp(socket.url()), socket.headers()))
                : Optional.empty();
    }

    private static URI asHttp(URI url) {
        return URI.create(url.toString().replaceFirst("(?i)^ws", "http"));
    }

    @Override
    public String question() {
        return question;
    }

    @Override
    public CompletableFuture<Optional<String>> check() {
        return attempt.begin();
    }
}
