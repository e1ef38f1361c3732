package org.mcpservermanager.server;

import java.util.Objects;

/**
 * What went wrong, in the three parts every surface shows.
 *
 * @param code a stable machine-readable word, e.g. {@code command_not_found}
 * @param message what, which, the value, what was expected; never a secret
 * @param remedy the next step for the operator
 */
public record Problem(String code, String message, String remedy) {
    public static final String SERVER_NOT_FOUND = "server_not_found";
    public static final String SERVER_ALREADY_EXISTS = "server_already_exists";
    public static final String COMMAND_NOT_FOUND = "command_not_found";
    public static final String DIRECTORY_NOT_FOUND = "directory_not_found";
    public static final String NOT_EXECUTABLE = "not_executable";
    public static final String INTERPRETER_NOT_FOUND = "interpreter_not_found";
    public static final String INVALID_CONFIGURATION = "invalid_configuration";
    public static final String INVALID_REQUEST = "invalid_request";
    public static final String TRANSPORT_NOT_SUPPORTED = "transport_not_supported";
    public static final String CONTAINMENT_NOT_AVAILABLE = "containment_not_available";
    public static final String CONTAINER_RUNTIME_UNAVAILABLE = "container_runtime_unavailable";
    public static final String IMAGE_NOT_FOUND = "image_not_found";
    public static final String USER_NOT_FOUND = "user_not_found";
    public static final String USER_NOT_AVAILABLE = "user_not_available";
    public static final String HOST_EXHAUSTED = "host_exhausted";
    public static final String STARTUP_TIMEOUT = "startup_timeout";
    public static final String REPLACEMENT_FAILED = "replacement_failed";
    public static final String HANDSHAKE_FAILED = "handshake_failed";
    /** What was taken for a server of 2026-07-28 is none; it may speak an earlier revision. */
    public static final String NOT_MODERN = "not_modern";

    public static final String PROCESS_EXITED = "process_exited";
    public static final String UNREACHABLE = "server_unreachable";
    public static final String BEAN_NOT_FOUND = "bean_not_found";
    public static final String BEAN_FAILED = "bean_failed";
    public static final String PORT_TAKEN = "port_taken";
    public static final String PORTS_EXHAUSTED = "ports_exhausted";
    public static final String NOT_AUTHORIZED = "not_authorized";
    public static final String SESSION_ENDED = "session_ended";
    public static final String CONNECTION_LOST = "connection_lost";
    public static final String PROCESS_ESCAPED = "process_escaped";
    public static final String THRESHOLD_CROSSED = "threshold_crossed";
    public static final String LIMIT_EXCEEDED = "limit_exceeded";
    public static final String DEPENDENCY_NOT_RUNNING = "dependency_not_running";
    public static final String UNHEALTHY = "unhealthy";
    public static final String SERVER_NOT_RUNNING = "server_not_running";
    public static final String TOO_MANY_REQUESTS = "too_many_requests";
    public static final String MAX_OVERFLOW_REACHED = "max_overflow_reached";
    public static final String TIMEOUT = "timeout";
    public static final String INTERNAL = "internal_error";

    public Problem {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }

    @Override
    public String toString() {
        return code + ": " + message + (remedy.isEmpty() ? "" : " " + remedy);
    }
}
