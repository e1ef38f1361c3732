package org.mcpservermanager.transport;

/**
 * Numbers lines and passes on so many and so much per second. The newest of those that came too fast is held back, as it may say why a server
 * died: it goes when its owner says so, unless another line goes before. Used by one thread at a time.
 */
final class LineLimit {
    private final Allowance allowance;
    private final LineSink sink;
    private long sequence;
    private String held; // null: the newest line was passed on

    LineLimit(int perSecond, LineSink sink) {
        this.allowance = new Allowance(perSecond);
        this.sink = sink;
    }

    /** A line that is small. */
    void add(String line) {
        add(line, 0);
    }

    /** @return false when it was held back */
    boolean add(String line, int bytes) {
        sequence++;
        if (!allowance.permit(bytes)) {
            held = line;
            return false;
        }
        held = null;
        sink.onLine(sequence, line);
        return true;
    }

    /** As {@link #passHeld}, if a line may be passed on again. */
    void passHeldInTime() {
        if (held != null && allowance.isOpen()) {
            passHeld();
        }
    }

    void passHeld() {
        if (held != null) {
            String line = held;
            held = null;
            sink.onLine(sequence, line);
        }
    }

    /** See {@link Allowance#slowDown}. */
    void slowDown(int bytesRead, boolean skipping) {
        allowance.slowDown(bytesRead, skipping);
    }
}
