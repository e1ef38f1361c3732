package org.mcpservermanager.supervision;

import java.util.concurrent.CompletionException;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

/** Why a copy of the server ended, or never began, in words. */
record CopyEnds(ServerId server) {
    Problem gone(String how) {
        return new Problem(
                Problem.PROCESS_EXITED,
                "server \"" + server + "\" " + how,
                "The call may or may not have taken effect.");
    }

    Problem exited(Child child, Exit exit) {
        return child.limitHit().map(limit -> limited(exit, limit)).orElseGet(() -> gone("ended with " + exit));
    }

    private Problem limited(Exit exit, String limit) {
        return new Problem(
                Problem.LIMIT_EXCEEDED,
                "server \"" + server + "\" ended with " + exit + "; " + limit,
                "Raise the limit, if it needs more.");
    }

    Problem notLaunched(Throwable failure) {
        String message = "launching \"" + server + "\" failed: " + failure + cause(failure);
        return failure instanceof OutOfMemoryError
                ? new Problem(
                        Problem.HOST_EXHAUSTED,
                        message,
                        "Raise the limit of processes (threads count), or the memory of the application server.")
                : new Problem(Problem.INTERNAL, message, "It is tried again; the message says what is in the way.");
    }

    /** What the system said is there, as "No space left on device". */
    private static String cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null || failure.toString().contains(cause.toString()) ? "" : " (" + cause + ")";
    }

    static Problem notDialed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ProblemException known
                ? known.problem()
                : new Problem(Problem.HANDSHAKE_FAILED, "MCP handshake failed: " + cause, "Look at its stderr.");
    }
}
