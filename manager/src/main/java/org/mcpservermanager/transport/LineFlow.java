package org.mcpservermanager.transport;

import java.util.concurrent.Executor;

/** Passes on lines that are said by many threads, in order, at most so many and so much per second, and none that had to wait for long. */
public final class LineFlow {
    private static final int WAITING_MAX = 2 * OutputReader.LINES_PER_SECOND;

    private final Executor executor;
    private final LineSink sink;
    private final Allowance allowance = new Allowance(OutputReader.LINES_PER_SECOND); // guarded by this
    private long sequence; // guarded by this
    private int waiting; // guarded by this

    /** @param executor runs its tasks in order */
    public LineFlow(Executor executor, LineSink sink) {
        this.executor = executor;
        this.sink = sink;
    }

    public void add(String line) {
        String shown = line.length() <= OutputReader.LINE_LENGTH_MAX
                ? line
                : line.substring(0, OutputReader.LINE_LENGTH_MAX) + "… (" + line.length() + " characters)";
        synchronized (this) {
            sequence++;
            if (waiting >= WAITING_MAX || !allowance.permit(shown.length())) {
                return;
            }
            waiting++;
            long number = sequence;
            executor.execute(() -> pass(number, shown));
        }
    }

    private void pass(long number, String line) {
        synchronized (this) {
            waiting--;
        }
        sink.onLine(number, line);
    }
}
