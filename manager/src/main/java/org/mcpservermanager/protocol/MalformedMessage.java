package org.mcpservermanager.protocol;

/** Bytes that are not one JSON-RPC message; {@link #error} is what the sender is told. */
public final class MalformedMessage extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient RpcError error;

    public MalformedMessage(RpcError error) {
        super(error.message());
        this.error = error;
    }

    public RpcError error() {
        return error;
    }
}
