package org.mcpservermanager.demo;

/** A request that is answered with a JSON-RPC error. */
final class RpcError extends Exception {
    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL_ERROR = -32603;
    static final int RESOURCE_NOT_FOUND = -32002;
    static final int BUSY = -32000;
    private static final long serialVersionUID = 1L;
    private final int code;
    private final transient Json.Obj data;

    RpcError(int code, String message) {
        this(code, message, Json.object());
    }

    RpcError(int code, String message, Json.Obj data) {
        super(message);
        this.code = code;
        this.data = data;
    }

    static RpcError invalidParams(String message) {
        return new RpcError(INVALID_PARAMS, message);
    }

    Json.Obj toJson() {
        Json.Obj error = Json.object().with("code", code).with("message", getMessage());
        return data.members().isEmpty() ? error : error.with("data", data);
    }
}
