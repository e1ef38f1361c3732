package org.mcpservermanager.manage.rest;

import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Text;

/** The problems this surface finds itself, and the one a failure becomes. */
final class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class.getName());

    private Problems() {}

    static ProblemException serverNotFound(String id) {
        return new ProblemException(new Problem(
                Problem.SERVER_NOT_FOUND,
                "Server '" + Text.oneLine(id, 80) + "' not found",
                "GET /api/mcp/servers lists the servers there are."));
    }

    static ProblemException invalid(String message, String remedy) {
        return new ProblemException(new Problem(Problem.INVALID_REQUEST, message, remedy));
    }

    static ProblemException notFound() {
        return new ProblemException(new Problem(
                Statuses.NOT_FOUND, "There is nothing at this path.", "See the list of routes in the documentation."));
    }

    /** Our own failures are logged under a number; the client is told the number alone. */
    static Problem of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException refused) {
            return refused.problem();
        }
        String incident = UUID.randomUUID().toString();
        LOG.log(Level.SEVERE, "management request failed, incident " + incident, cause);
        return new Problem(
                Problem.INTERNAL,
                "The manager failed on this request.",
                "Look for the incident " + incident + " in its log.");
    }
}
