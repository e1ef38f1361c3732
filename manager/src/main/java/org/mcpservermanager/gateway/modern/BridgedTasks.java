package org.mcpservermanager.gateway.modern;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.server.ServerId;

/** The tasks that stateless clients have at older servers, the eldest first. Guarded by this; tasks are called without it. */
public final class BridgedTasks implements AutoCloseable {
    static final int TASKS_MAX = 1_000;
    static final int OF_CALLER_MAX = 64;
    private static final long RESULTS_LENGTH_MAX = 64L << 20;

    private final Bridge bridge;
    private final Map<String, Kept> tasks = new LinkedHashMap<>();

    private record Kept(BridgedTask task, TaskName name, Future<?> expiry) {
        void leave(String why) {
            expiry.cancel(false);
            task.expire(why);
        }
    }

    BridgedTasks(Bridge bridge) {
        this.bridge = bridge;
    }

    /** Whether the caller may have one more. */
    synchronized boolean hasRoom(String caller) {
        long open = tasks.values().stream()
                .filter(kept -> kept.name().caller().equals(caller))
                .filter(kept -> !kept.task().isOver())
                .count();
        return open < OF_CALLER_MAX && tasks.size() < TASKS_MAX
                || open < OF_CALLER_MAX
                        && tasks.values().stream().anyMatch(kept -> kept.task().isOver());
    }

    /** A call became a task, which has its stand-in from now on; what the call is answered. */
    Message adopt(CallTerms call, Visit visit, String told) {
        String id = UUID.randomUUID().toString();
        TaskName name = new TaskName(
                call.standin().place().server(), call.standin().place().caller(), id);
        Duration ttl = TaskShape.ttl(told);
        BridgedTask task = new BridgedTask(
                bridge,
                new BridgedTask.Terms(
                        call.standin(),
                        RawObject.of(told).text("taskId"),
                        bridge.sealed(name),
                        visit.meta().abilities(),
                        ttl,
                        call.serverInfo()),
                told);
        Future<?> expiry = bridge.timer().schedule(() -> end(id), ttl.toMillis(), TimeUnit.MILLISECONDS);
        List<Kept> evicted = new ArrayList<>();
        synchronized (this) {
            tasks.put(id, new Kept(task, name, expiry));
            makeRoom(evicted);
        }
        evicted.forEach(kept -> kept.leave("too many tasks are kept"));
        if (!TasksExtension.isIn(visit.meta().capabilities())) {
            end(id); // the round that began the call declared tasks, this one did not
            return Message.error(visit.request().id(), TasksExtension.missing());
        }
        return task.created(visit.request());
    }

    /** Guarded by this. Results that were there for longest go first, then tasks. */
    private void makeRoom(List<Kept> evicted) {
        while (tasks.size() > TASKS_MAX || resultsLength() > RESULTS_LENGTH_MAX) {
            String eldest = tasks.entrySet().stream()
                    .filter(each -> each.getValue().task().isOver())
                    .findFirst()
                    .map(Map.Entry::getKey)
                    .orElseGet(() -> tasks.keySet().iterator().next());
            evicted.add(tasks.remove(eldest));
        }
    }

    private long resultsLength() {
        return tasks.values().stream()
                .mapToLong(kept -> kept.task().resultLength())
                .sum();
    }

    private void end(String id) {
        Kept expired;
        synchronized (this) {
            expired = tasks.remove(id);
        }
        if (expired != null) {
            expired.leave("the task's time is over");
        }
    }

    /** Its server knows it no longer. */
    void lost(BridgedTask task) {
        endAll(kept -> kept.task() == task, "the server does not know the task any more");
    }

    void forget(ServerId server) {
        endAll(kept -> kept.name().server().equals(server), "the server is gone");
    }

    private void endAll(Predicate<Kept> which, String why) {
        List<Kept> ended;
        synchronized (this) {
            ended = tasks.values().stream().filter(which).toList();
            tasks.values().removeAll(ended);
        }
        ended.forEach(kept -> kept.leave(why));
    }

    /** Answers tasks/get, tasks/update and tasks/cancel. */
    public void serve(ServerId server, String caller, Visit visit) {
        if (!TasksExtension.isIn(visit.meta().capabilities())) {
            visit.end(Message.error(visit.request().id(), TasksExtension.missing()));
            return;
        }
        Optional<BridgedTask> task = bridge.task(visit.request().param("taskId"), caller)
                .filter(name -> name.server().equals(server))
                .flatMap(this::find);
        if (task.isEmpty()) {
            visit.end(Message.error(
                    visit.request().id(), RpcError.of(RpcError.INVALID_PARAMS, "Task not found or expired")));
            return;
        }
        switch (visit.request().method()) {
            case Method.TASKS_GET -> task.get().get(visit);
            case Method.TASKS_UPDATE -> task.get().update(visit);
            default -> task.get().cancel(visit);
        }
    }

    /** To be begun; empty for a task that is not there any more. */
    public Optional<TaskWatch> watch(TaskName name) {
        return find(name).map(task -> new TaskWatch(bridge.timer(), task));
    }

    private synchronized Optional<BridgedTask> find(TaskName name) {
        return Optional.ofNullable(tasks.get(name.own())).map(Kept::task);
    }

    synchronized int count() {
        return tasks.size();
    }

    @Override
    public void close() {
        endAll(any -> true, "the manager stops");
    }
}
