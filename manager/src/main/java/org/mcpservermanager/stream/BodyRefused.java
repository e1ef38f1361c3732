package org.mcpservermanager.stream;

/** A request body that was not taken; {@link #status} is the HTTP status to answer with. */
public final class BodyRefused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    BodyRefused(int status, String message) {
        super(message);
        this.status = status;
    }

    BodyRefused(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
