package org.mcpservermanager.boot;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Ends the application while all it uses is still there. Payara, told to stop, ends the connection pools first and asks the
 * application afterwards: too late for its last words to the database. It announces the stop before that, to those who listen.
 * On other servers there is nothing to listen to, and no need.
 */
final class PayaraShutdown implements InvocationHandler, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PayaraShutdown.class.getName());
    private final Runnable end;
    private Undo registration = () -> {};

    private interface Undo {
        void run() throws ReflectiveOperationException;
    }

    private PayaraShutdown(Runnable end) {
        this.end = end;
    }

    /** @param end called at most once, in the thread that stops the server, which waits for it */
    static PayaraShutdown listen(Runnable end) {
        PayaraShutdown shutdown = new PayaraShutdown(end);
        try {
            shutdown.register();
        } catch (ClassNotFoundException anotherServer) {
            LOG.log(
                    Level.FINE,
                    "not Payara: the end of the application comes before that of its resources",
                    anotherServer);
        } catch (ReflectiveOperationException unknown) {
            LOG.log(
                    Level.WARNING,
                    "Payara cannot tell when it stops; the last changes may not reach the database",
                    unknown);
        }
        return shutdown;
    }

    private void register() throws ReflectiveOperationException {
        Class<?> events = Class.forName("org.glassfish.api.event.Events");
        Class<?> listeners = Class.forName("org.glassfish.api.event.EventListener");
        Object bus = Class.forName("org.glassfish.internal.api.Globals")
                .getMethod("get", Class.class)
                .invoke(null, events);
        Object listener = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {listeners}, this);
        events.getMethod("register", listeners).invoke(bus, listener);
        registration = () -> events.getMethod("unregister", listeners).invoke(bus, listener);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws ReflectiveOperationException {
        return switch (method.getName()) {
            case "event" -> told(arguments[0]);
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> toString();
        };
    }

    private Object told(Object event) throws ReflectiveOperationException {
        if ("prepare_shutdown".equals(event.getClass().getMethod("name").invoke(event))) {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(getClass().getClassLoader());
            try {
                end.run();
            } finally {
                thread.setContextClassLoader(before);
            }
        }
        return null;
    }

    /** Otherwise the server would hold on to the application after it was undeployed. */
    @Override
    public void close() throws ReflectiveOperationException {
        registration.run();
    }
}
