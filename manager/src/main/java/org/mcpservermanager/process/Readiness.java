package org.mcpservermanager.process;

import java.util.concurrent.Executor;

/** Of a stream: it may tell when there is something to read, so that nobody has to wait for that. */
public interface Readiness {
    /**
     * Has {@code reader} run once, when a read finds bytes or the end. It may run in another thread than the executor's, when the
     * process has ended: what it said last is passed on before its end is told.
     *
     * @param reader reads at least once, and then only what is {@linkplain java.io.InputStream#available available}
     * @return false when it cannot tell, and a thread has to wait
     */
    boolean onReadable(Runnable reader, Executor executor);
}
