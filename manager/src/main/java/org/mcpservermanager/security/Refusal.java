package org.mcpservermanager.security;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.mcpservermanager.server.Problem;

/** A request that goes no further: the HTTP status and what the sender reads. */
public record Refusal(int status, Problem problem) {
    public static final String UNAUTHENTICATED = "unauthenticated";
    public static final String INVALID_CREDENTIAL = "invalid_credential";
    public static final String FORBIDDEN = "forbidden";
    public static final String REMOTE_DISABLED = "remote_disabled";
    public static final String HOST_NOT_ALLOWED = "host_not_allowed";
    public static final String ORIGIN_NOT_ALLOWED = "origin_not_allowed";
    private static final String HOW =
            "Send the header 'Authorization: Bearer <key>'; the first key is in the file admin.key of"
                    + " the manager's state directory.";

    static Refusal of(int status, String code, String message, String remedy) {
        return new Refusal(status, new Problem(code, message, remedy));
    }

    static Refusal invalidCredential() {
        return of(401, INVALID_CREDENTIAL, "The credential of this request is not valid.", HOW);
    }

    /** Why this caller may not do what needs the role; empty when it may. */
    public static Optional<Refusal> of(Caller caller, Role needed) {
        if (caller.may(needed)) {
            return Optional.empty();
        }
        return Optional.of(caller instanceof Caller.Known known ? forbidden(known, needed) : unauthenticated());
    }

    static Refusal unauthenticated() {
        return of(401, UNAUTHENTICATED, "This request needs a credential and has none.", HOW);
    }

    private static Refusal forbidden(Caller.Known caller, Role needed) {
        return of(
                403,
                FORBIDDEN,
                "'" + caller.name() + "' has the role " + word(caller.role()) + " (expected: " + word(needed) + ").",
                "Use a key that has the role " + word(needed) + ".");
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** The value of {@code WWW-Authenticate}; empty when the status does not ask for one. */
    public String challenge() {
        if (status != 401) {
            return "";
        }
        return "Bearer realm=\"mcp-server-manager\""
                + (problem.code().equals(INVALID_CREDENTIAL) ? ", error=\"invalid_token\"" : "");
    }

    public void writeTo(HttpServletResponse response) throws IOException {
        byte[] body = ProblemJson.bytes(problem);
        response.setStatus(status);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        if (!challenge().isEmpty()) {
            response.setHeader("WWW-Authenticate", challenge());
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
