package org.mcpservermanager.gateway;

import org.mcpservermanager.protocol.RpcError;

/** Ends the handling of an HTTP request with this answer. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Answer answer;

    Refused(Answer answer) {
        super("HTTP " + answer.status(), null, false, false);
        this.answer = answer;
    }

    static Refused invalid(int status, String message) {
        return new Refused(Answer.error(status, "", RpcError.of(RpcError.INVALID_REQUEST, message)));
    }

    Answer answer() {
        return answer;
    }
}
