package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.protocol.RpcError;

/** A request that breaks the rules of 2026-07-28; HTTP answers it with 400. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient RpcError error;

    Violation(RpcError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    public static Violation header(String what) {
        return new Violation(RpcError.of(RpcError.HEADER_MISMATCH, "Header mismatch: " + what));
    }

    public static Violation params(String what) {
        return new Violation(RpcError.of(RpcError.INVALID_PARAMS, "Invalid params: " + what));
    }

    public RpcError error() {
        return error;
    }
}
