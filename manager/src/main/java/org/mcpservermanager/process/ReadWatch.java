package org.mcpservermanager.process;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells when a pipe can be read, so that no thread needs to wait at those that are mostly quiet. */
final class ReadWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ReadWatch.class.getName());
    private final Map<Integer, Runnable> waiting = new ConcurrentHashMap<>();
    private final Epoll epoll;

    ReadWatch(NativeCalls calls) throws ReflectiveOperationException, IOException {
        epoll = new Epoll(calls, "mcp-pipe-watch", new Epoll.Listener() {
            @Override
            public void ready(int key) {
                tell(key);
            }

            @Override
            public void lost(Throwable failure) {
                waiting.values().forEach(Runnable::run);
            }
        });
    }

    /**
     * @param again it was waited for before, and not {@linkplain #forget forgotten}
     * @param readable called once, when a read returns at once, or perhaps without a reason; must not wait
     */
    void await(int descriptor, boolean again, Runnable readable) throws IOException {
        waiting.put(descriptor, readable);
        try {
            epoll.addOnce(descriptor, descriptor, again);
        } catch (IOException failure) {
            waiting.remove(descriptor, readable);
            throw failure;
        }
    }

    private void tell(int descriptor) {
        Runnable readable = waiting.remove(descriptor);
        if (readable != null) {
            readable.run();
        }
    }

    /** To be called before the descriptor is closed. */
    void forget(int descriptor) {
        waiting.remove(descriptor);
        try {
            epoll.remove(descriptor);
        } catch (IOException unexpected) {
            LOG.log(Level.FINE, "descriptor " + descriptor + " was not watched", unexpected);
        }
    }

    @Override
    public void close() {
        epoll.close();
    }
}
