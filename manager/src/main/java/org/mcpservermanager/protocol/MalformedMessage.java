package org.mcpservermanager.protocol;

import java.util.Objects;

/** Bytes that are not one JSON-RPC message; {@link #error} is what the sender is told. */
public final class MalformedMessage extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient RpcError error;
    private final String id;

    public MalformedMessage(RpcError error) {
        this(error, "");
    }

    /** {@code id} is the raw token of the request's id, empty when it could not be read. */
    public MalformedMessage(RpcError error, String id) {
        // no stack trace: a server that floods its output with noise would pay nothing and we a lot
        super(error.message(), null, false, false);
        this.error = error;
        this.id = Objects.requireNonNull(id, "id");
    }

    public RpcError error() {
        return error;
    }

    /** The raw token of the id to answer with; empty when it could not be read. */
    public String id() {
        return id;
    }
}
