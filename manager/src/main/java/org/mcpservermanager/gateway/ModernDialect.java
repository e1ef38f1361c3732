package org.mcpservermanager.gateway;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.gateway.modern.RequestMeta;
import org.mcpservermanager.gateway.modern.Violation;
import org.mcpservermanager.protocol.Message;

/** Streamable HTTP without sessions, revision 2026-07-28 (basic/transports/streamable-http). */
final class ModernDialect implements Dialect, AutoCloseable {
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ModernServers servers;
    private final ModernAggregate aggregate;
    private final Set<ModernOutlet> waiting = ConcurrentHashMap.newKeySet();
    private final Future<?> rounds;

    ModernDialect(ModernServers servers, ModernAggregate aggregate, ScheduledExecutorService timer) {
        this.servers = servers;
        this.aggregate = aggregate;
        this.rounds = timer.scheduleWithFixedDelay(this::keepAlive, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * A request that was found well formed.
     *
     * @param message as the client sent it, or what the gateway made of it
     * @param repeated whether headers repeat the arguments, as tools may want it
     */
    record Inbound(Incoming http, Message message, RequestMeta meta, ModernOutlet outlet, boolean repeated) {
        Inbound saying(Message other) {
            return new Inbound(http, other, meta, outlet, repeated);
        }

        /** For a request that was part of the client's arguments. */
        Inbound unwrapped(Message inner) {
            return new Inbound(http, inner, meta, outlet, false);
        }

        String caller() {
            return http.caller();
        }

        /** Whatever goes wrong is the answer. */
        void guarded(Runnable work) {
            try {
                work.run();
            } catch (Violation violation) {
                outlet.refuse(Answer.error(Answer.BAD_REQUEST, message.id(), violation.error()));
            } catch (Refused refused) {
                outlet.refuse(refused.answer());
            } catch (RuntimeException bug) {
                outlet.fail(Gateway.internal(bug));
            }
        }
    }

    @Override
    public void post(Incoming request, Message message, Reply reply) {
        switch (message.kind()) {
            case REQUEST -> serve(request, message, reply);
            // the one that this revision has, cancelled, is for stdio
            case NOTIFICATION -> reply.answer(Answer.empty(Answer.ACCEPTED));
            case RESULT, ERROR ->
                throw Refused.invalid(
                        Answer.BAD_REQUEST, "The body is a response (expected: a request or a notification)");
        }
    }

    private void serve(Incoming request, Message message, Reply reply) {
        RequestMeta meta;
        try {
            meta = RequestMeta.of(message, request.headers().ofRequest());
        } catch (Violation violation) {
            throw new Refused(Answer.error(Answer.BAD_REQUEST, message.id(), violation.error()));
        }
        ModernOutlet outlet = new ModernOutlet(request, message, meta, reply);
        Inbound inbound = new Inbound(request, message, meta, outlet, true);
        request.server().ifPresentOrElse(server -> servers.serve(inbound, server), () -> aggregate.serve(inbound));
        if (!outlet.isOver()) {
            waiting.add(outlet);
        }
    }

    private void keepAlive() {
        waiting.removeIf(ModernOutlet::isOver);
        waiting.forEach(outlet -> outlet.keepAlive(SILENCE_NANOS));
    }

    /** There are neither sessions to end nor streams to open. */
    @Override
    public void get(Incoming request, Reply reply) {
        reply.answer(onlyPost());
    }

    @Override
    public void delete(Incoming request, Reply reply) {
        reply.answer(onlyPost());
    }

    private static Answer onlyPost() {
        return new Answer(Answer.METHOD_NOT_ALLOWED, Map.of("Allow", "POST"), new byte[0]);
    }

    @Override
    public void close() {
        rounds.cancel(false);
    }
}
