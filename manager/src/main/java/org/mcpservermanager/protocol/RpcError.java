package org.mcpservermanager.protocol;

import java.util.Objects;

/** A JSON-RPC error. {@code data} is raw JSON text, empty for none. */
public record RpcError(int code, String message, String data) {
    public static final int PARSE_ERROR = -32700;
    public static final int INVALID_REQUEST = -32600;
    public static final int METHOD_NOT_FOUND = -32601;
    public static final int INVALID_PARAMS = -32602;
    public static final int INTERNAL_ERROR = -32603;
    public static final int RESOURCE_NOT_FOUND = -32002;
    /** Of 2026-07-28: a header says something else than the body. */
    public static final int HEADER_MISMATCH = -32020;
    /** Of 2026-07-28: the request needs a client capability that it did not declare; {@code data.requiredCapabilities}. */
    public static final int MISSING_CLIENT_CAPABILITY = -32021;
    /** Of 2026-07-28: {@code data.supported} and {@code data.requested}. */
    public static final int UNSUPPORTED_PROTOCOL_VERSION = -32022;
    /** Ours: the server is not there to answer (down, died in the call, too slow); {@code data} says server, phase, retry time. */
    public static final int SERVER_UNAVAILABLE = -32010;

    public RpcError {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(data, "data");
    }

    public static RpcError of(int code, String message) {
        return new RpcError(code, message, "");
    }
}
