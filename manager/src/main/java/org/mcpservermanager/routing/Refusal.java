package org.mcpservermanager.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;

/** Says why a server does not answer: its phase, the reason, and when it will be back. */
final class Refusal {
    private Refusal() {}

    static RpcError unknown(ServerId server) {
        return error(
                server.value(),
                "gone",
                new Problem(Problem.SERVER_NOT_FOUND, "Server '" + server + "' not found", "List the servers again."),
                -1);
    }

    static RpcError of(Snapshot snapshot, Instant now) {
        return of(snapshot, problem(snapshot), now);
    }

    static RpcError of(Snapshot snapshot, Throwable failure, Instant now) {
        Throwable cause =
                failure.getCause() != null && !(failure instanceof ProblemException) ? failure.getCause() : failure;
        return of(snapshot, cause instanceof ProblemException known ? known.problem() : problem(snapshot), now);
    }

    private static RpcError of(Snapshot snapshot, Problem problem, Instant now) {
        return error(snapshot.id().value(), phase(snapshot), problem, retryMillis(snapshot, now));
    }

    /** The error of a call that was lost with its copy, which says only how, with what is known of the server since. */
    static RpcError explained(String lost, Snapshot snapshot, Instant now) {
        long retryMillis = retryMillis(snapshot, now);
        String server = snapshot.id().value();
        String message = JsonText.unquote(JsonText.member(lost, "message"));
        String data = JsonText.with(JsonText.member(lost, "data"), "server", JsonText.quote(server));
        data = JsonText.with(data, "phase", JsonText.quote(phase(snapshot)));
        return new RpcError(
                RpcError.SERVER_UNAVAILABLE,
                (isUnsigned(lost) ? "Server '" + server + "' is not available: " + message : message)
                        + when(retryMillis),
                retryMillis < 0 ? data : JsonText.with(data, "retryAfterMs", Long.toString(retryMillis)));
    }

    /** A connection that is lost does not know whose it was. */
    static boolean isUnsigned(String lost) {
        String data = JsonText.member(lost, "data");
        return !data.isEmpty()
                && JsonText.member(data, "server").isEmpty()
                && JsonText.member(data, "code").equals(JsonText.quote(Problem.CONNECTION_LOST));
    }

    private static long retryMillis(Snapshot snapshot, Instant now) {
        return snapshot.failure()
                .retryAt()
                .map(at -> Math.max(0, Duration.between(now, at).toMillis()))
                .orElse(-1L);
    }

    static Problem problem(Snapshot snapshot) {
        String state = "server '" + snapshot.id() + "' is " + phase(snapshot);
        return snapshot.failure()
                .problem()
                .map(cause -> new Problem(cause.code(), state + ": " + cause.message(), cause.remedy()))
                .orElseGet(() -> new Problem(
                        Problem.SERVER_NOT_RUNNING,
                        state,
                        "An operator can start it: POST /api/mcp/servers/" + snapshot.id() + "/start"));
    }

    private static String phase(Snapshot snapshot) {
        return snapshot.phase().name().toLowerCase(Locale.ROOT);
    }

    private static RpcError error(String server, String phase, Problem problem, long retryMillis) {
        String data = "{\"server\":" + JsonText.quote(server)
                + ",\"phase\":" + JsonText.quote(phase)
                + ",\"code\":" + JsonText.quote(problem.code())
                + ",\"remedy\":" + JsonText.quote(problem.remedy())
                + (retryMillis < 0 ? "" : ",\"retryAfterMs\":" + retryMillis)
                + "}";
        return new RpcError(RpcError.SERVER_UNAVAILABLE, problem.message() + when(retryMillis), data);
    }

    private static String when(long retryMillis) {
        return retryMillis < 0 ? "" : " (next try in " + (retryMillis + 999) / 1000 + " s)";
    }
}
