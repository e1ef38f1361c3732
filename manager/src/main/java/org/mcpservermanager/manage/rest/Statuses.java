package org.mcpservermanager.manage.rest;

import java.util.Map;
import org.mcpservermanager.server.Problem;

/** The HTTP status of each problem. */
final class Statuses {
    static final String TOO_LARGE = "too_large";
    static final String UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type";
    static final String SUPERSEDED = "superseded";
    static final String SERVER_DISABLED = "server_disabled";
    static final String STOP_INCOMPLETE = "stop_incomplete";
    static final String NOT_FOUND = "not_found";

    /** 422: the definition must change. 502: the server failed. 503: try again later. 504: too slow. */
    private static final Map<String, Integer> BY_CODE = Map.ofEntries(
            Map.entry(Problem.INVALID_REQUEST, 400),
            Map.entry(Problem.SERVER_NOT_FOUND, 404),
            Map.entry(NOT_FOUND, 404),
            Map.entry(Problem.SERVER_ALREADY_EXISTS, 409),
            Map.entry(SUPERSEDED, 409),
            Map.entry(SERVER_DISABLED, 409),
            Map.entry(TOO_LARGE, 413),
            Map.entry(UNSUPPORTED_MEDIA_TYPE, 415),
            Map.entry(Problem.COMMAND_NOT_FOUND, 422),
            Map.entry(Problem.DIRECTORY_NOT_FOUND, 422),
            Map.entry(Problem.NOT_EXECUTABLE, 422),
            Map.entry(Problem.INTERPRETER_NOT_FOUND, 422),
            Map.entry(Problem.INVALID_CONFIGURATION, 422),
            Map.entry(Problem.TRANSPORT_NOT_SUPPORTED, 422),
            Map.entry(Problem.INTERNAL, 500),
            Map.entry(Problem.HANDSHAKE_FAILED, 502),
            Map.entry(Problem.PROCESS_EXITED, 502),
            Map.entry(STOP_INCOMPLETE, 502),
            Map.entry(Problem.DEPENDENCY_NOT_RUNNING, 503),
            Map.entry(Problem.SERVER_NOT_RUNNING, 503),
            Map.entry(Problem.HOST_EXHAUSTED, 503),
            Map.entry(Problem.MAX_OVERFLOW_REACHED, 503),
            Map.entry(Problem.STARTUP_TIMEOUT, 504),
            Map.entry(Problem.TIMEOUT, 504));

    private Statuses() {}

    static int of(Problem problem) {
        return BY_CODE.getOrDefault(problem.code(), 502);
    }
}
