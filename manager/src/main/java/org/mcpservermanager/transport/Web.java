package org.mcpservermanager.transport;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What all links over the network share: one client without cookies or redirects, and a timer. An answer that is slow, or a stream
 * that stays open for hours, costs a connection but no thread.
 */
public final class Web implements AutoCloseable {
    static final Duration CONNECT_MAX = Duration.ofSeconds(10);
    private static final System.Logger LOG = System.getLogger(Web.class.getName());

    private final HttpClient client;
    private final Executor executor;
    private final ScheduledExecutorService timer;

    private Web(HttpClient client, Executor executor, ScheduledExecutorService timer) {
        this.client = client;
        this.executor = Objects.requireNonNull(executor, "executor");
        this.timer = Objects.requireNonNull(timer, "timer");
    }

    /** @param executor runs what the network brings */
    public static Web open(Executor executor, ScheduledExecutorService timer) {
        Thread thread = Thread.currentThread();
        ClassLoader context = thread.getContextClassLoader();
        // the client's own thread inherits it, and on Java 17 outlives us until the client is collected
        thread.setContextClassLoader(HttpClient.class.getClassLoader());
        try {
            HttpClient client = HttpClient.newBuilder()
                    // a connection for each call: no upgrade that old servers stumble over, no limit of streams to run
                    // into
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT_MAX)
                    .executor(executor)
                    .build();
            return new Web(client, executor, timer);
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    HttpClient client() {
        return client;
    }

    public void run(Runnable task) {
        executor.execute(task);
    }

    /** On the executor, as the timer has no time to lose. When the manager goes down, never. */
    public Future<?> later(long millis, Runnable task) {
        try {
            return timer.schedule(() -> executor.execute(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException goingDown) {
            LOG.log(System.Logger.Level.DEBUG, "nothing is tried again any more", goingDown);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** From Java 21 on a client can be told to end; before, it ends when nobody holds it. */
    @Override
    public void close() {
        try {
            MethodHandle shutdown = MethodHandles.publicLookup()
                    .findVirtual(HttpClient.class, "shutdownNow", MethodType.methodType(void.class));
            shutdown.invoke(client);
        } catch (NoSuchMethodException older) {
            LOG.log(System.Logger.Level.DEBUG, "this Java has no way to end an HTTP client; it ends when collected");
        } catch (Throwable failure) {
            LOG.log(System.Logger.Level.WARNING, "the HTTP client could not be ended", failure);
        }
    }
}
