package org.mcpservermanager.security;

import java.util.Objects;

/** A JAX-RS request that goes no further; becomes the {@link Refusal} by an exception mapper. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Refusal refusal;

    RefusedException(Refusal refusal) {
        super(refusal.problem().toString());
        this.refusal = refusal;
    }

    static void raise(Refusal refusal) {
        throw new RefusedException(refusal);
    }

    public Refusal refusal() {
        return Objects.requireNonNull(refusal, "refusal");
    }
}
