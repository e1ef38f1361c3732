package org.mcpservermanager.transport;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Text;

/** What failures of the network mean, without the parts of a URL that may be secret. */
final class WebProblems {
    private static final int QUOTED_MAX = 200;

    private WebProblems() {}

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** That nobody is there, or nobody we may talk to; empty when only this one exchange failed. */
    static Optional<Problem> unreachable(Target target, Throwable failure) {
        Throwable cause = cause(failure);
        String where = target.origin();
        if (has(cause, UnresolvedAddressException.class) || has(cause, UnknownHostException.class)) {
            return Optional.of(unreachable(
                    where + ": its host name has no address",
                    "Check the name in url, and the resolver of this machine."));
        }
        if (cause instanceof HttpConnectTimeoutException) {
            return Optional.of(unreachable(
                    where + ": no connection within " + Web.CONNECT_MAX.toSeconds() + " s",
                    "Check that host and port in url are right, and no firewall is between."));
        }
        if (cause instanceof ConnectException) {
            return Optional.of(unreachable(
                    where + ": the connection was refused",
                    "Start the server there, or correct host and port in url."));
        }
        if (cause instanceof SSLException) {
            return Optional.of(unreachable(
                    where + ": no secure connection: " + words(cause),
                    "Check its certificate, and that this Java trusts who issued it."));
        }
        return Optional.empty();
    }

    static ProblemException unreachableTcp(String where, Throwable failure) {
        boolean nameless = has(failure, UnknownHostException.class) || has(failure, UnresolvedAddressException.class);
        return new ProblemException(unreachable(
                where + ": " + (nameless ? "its host name has no address" : "no connection: " + words(failure)),
                "Start the server there, or correct host and port."));
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 5; depth++) {
            if (type.isInstance(each)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }

    private static Problem unreachable(String message, String remedy) {
        return new Problem(Problem.UNREACHABLE, message, remedy);
    }

    static Problem status(Target target, int status) {
        String message = target.origin() + " answered with HTTP status " + status;
        return switch (status) {
            case 401, 403 ->
                new Problem(
                        Problem.NOT_AUTHORIZED, message, "Give the credentials it wants in headers, or renew them.");
            case 301, 302, 303, 307, 308 ->
                new Problem(
                        Problem.HANDSHAKE_FAILED,
                        message + " (redirects to another origin are not followed)",
                        "Put the address it redirects to into url.");
            case 404, 405 ->
                new Problem(
                        Problem.HANDSHAKE_FAILED, message, "Check the path in url: is it that of its MCP endpoint?");
            default -> new Problem(Problem.HANDSHAKE_FAILED, message, "Look at the log of that server.");
        };
    }

    static Problem sessionEnded(Target target) {
        return new Problem(
                Problem.SESSION_ENDED,
                target.origin() + " knows the MCP session no more (HTTP status 404)",
                "Nothing to do: a new one is opened.");
    }

    /** Of a request whose connection ended before its answer came. Whose server that is, is said where that is known. */
    static RpcError lost(String how) {
        return new RpcError(
                RpcError.SERVER_UNAVAILABLE,
                "The server " + how,
                "{\"code\":" + JsonText.quote(Problem.CONNECTION_LOST)
                        + ",\"message\":" + JsonText.quote("it " + how)
                        + ",\"remedy\":\"Ask again, unless it must not run twice: whether it ran is not known.\"}");
    }

    /** Why one exchange failed. */
    static String words(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        String message = cause.getMessage();
        return cause.getClass().getSimpleName() + (message == null ? "" : ": " + Text.oneLine(message, QUOTED_MAX));
    }
}
