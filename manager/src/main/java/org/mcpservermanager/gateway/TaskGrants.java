package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.gateway.ModernDialect.Inbound;
import org.mcpservermanager.gateway.modern.Bridge;
import org.mcpservermanager.gateway.modern.Standin;
import org.mcpservermanager.gateway.modern.TaskWatch;
import org.mcpservermanager.gateway.modern.TasksExtension;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.ServerId;

/** Of which tasks a subscription is told: those of its caller that are there (seps/2663, "Task Status Notifications"). */
final class TaskGrants {
    private static final long ACKNOWLEDGED_MILLIS_MAX = 2_000;

    private final Router router;
    private final Bridge bridge;

    TaskGrants(Router router, Bridge bridge) {
        this.router = router;
        this.bridge = bridge;
    }

    /** What is told, and what keeps it coming. */
    record Granted(List<TaskWatch> watches, List<PassedNews> sources) {
        List<String> names() {
            return watches.stream().map(TaskWatch::name).toList();
        }

        /** @param onLost called when a server tells nothing any more */
        void begin(TaskWatch.Reader reader, Runnable onLost) {
            watches.forEach(watch -> watch.begin(reader));
            sources.forEach(source -> source.onLost(onLost));
        }

        void close() {
            watches.forEach(TaskWatch::close);
            sources.forEach(PassedNews::close);
        }
    }

    /** A filter with task ids is of the extension; without its declaration the request is refused here. */
    static boolean lacks(Inbound in, ListenFilter wanted) {
        boolean lacks =
                !wanted.taskIds().isEmpty() && !TasksExtension.isIn(in.meta().capabilities());
        if (lacks) {
            in.outlet().fail(TasksExtension.missing());
        }
        return lacks;
    }

    /** Those at one server of an earlier era. */
    Granted at(ServerId server, String caller, Set<String> ids) {
        return new Granted(
                ids.stream()
                        .flatMap(id -> bridge.task(id, caller).stream())
                        .filter(name -> name.server().equals(server))
                        .flatMap(name -> bridge.tasks().watch(name).stream())
                        .toList(),
                List.of());
    }

    /** Those at all servers. A server of the clients' era is listened to as well; one that does not acknowledge in time tells nothing. */
    CompletableFuture<Granted> everywhere(Inbound in, Set<String> ids) {
        List<TaskWatch> here = new ArrayList<>();
        Map<ServerId, Map<String, String>> elsewhere = new LinkedHashMap<>();
        for (String id : ids) {
            bridge.task(id, in.caller())
                    .ifPresent(name -> bridge.tasks().watch(name).ifPresentOrElse(here::add, () -> elsewhere
                            .computeIfAbsent(name.server(), server -> new LinkedHashMap<>())
                            .put(name.own(), id)));
        }
        List<CompletableFuture<Optional<PassedNews>>> asked = new ArrayList<>();
        elsewhere.forEach((server, tasks) -> asked.add(passed(in, server, tasks)));
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> granted(
                        here,
                        asked.stream().flatMap(each -> each.join().stream()).toList()));
    }

    private Granted granted(List<TaskWatch> here, List<PassedNews> sources) {
        List<TaskWatch> watches = new ArrayList<>(here);
        for (PassedNews source : sources) {
            source.granted().forEach(task -> watches.add(new TaskWatch(bridge.timer(), task)));
        }
        return new Granted(watches, sources);
    }

    /** @param tasks the client's ids by the server's; empty for a server that tells of none of them */
    private CompletableFuture<Optional<PassedNews>> passed(Inbound in, ServerId server, Map<String, String> tasks) {
        Standin reader = bridge.unasked(server, in.caller());
        return router.attach(server, reader)
                .handle((peer, failure) -> {
                    bridge.release(reader);
                    return failure == null && peer.era() == Era.MODERN;
                })
                .thenCompose(isModern ->
                        isModern ? begun(in, server, tasks) : CompletableFuture.completedFuture(Optional.empty()))
                .toCompletableFuture();
    }

    private CompletableFuture<Optional<PassedNews>> begun(Inbound in, ServerId server, Map<String, String> tasks) {
        Standin standin = bridge.modern(server, in.caller());
        PassedNews news = new PassedNews(in.message(), standin, tasks, () -> bridge.release(standin));
        Call call = router.send(server, news);
        news.begun(call);
        return news.acknowledgment()
                .completeOnTimeout(false, ACKNOWLEDGED_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .thenApply(isGranted -> {
                    if (!isGranted) {
                        news.close();
                    }
                    return isGranted ? Optional.of(news) : Optional.empty();
                });
    }
}
