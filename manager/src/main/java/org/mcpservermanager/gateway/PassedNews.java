package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.gateway.modern.TaskWatch;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;

/** What one server of the clients' own era says of a caller's tasks, for the endpoint over all servers: the ids are the caller's. */
final class PassedNews implements Exchange {
    private final Message request;
    private final Client client;
    private final Map<String, Task> tasks = new LinkedHashMap<>(); // by the server's ids; not changed once it is made
    private final Runnable onOver;
    private final CompletableFuture<Boolean> acknowledgment = new CompletableFuture<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final CompletableFuture<Call> call = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * @param listen the client's request
     * @param names the client's ids by the server's
     * @param onOver called once
     */
    PassedNews(Message listen, Client client, Map<String, String> names, Runnable onOver) {
        this.client = client;
        this.onOver = onOver;
        names.forEach((own, shown) -> tasks.put(own, new Task(shown)));
        this.request = Message.request(
                listen.id(),
                Method.SUBSCRIPTIONS_LISTEN,
                "{\"_meta\":" + listen.rawParam("_meta") + ",\"notifications\":{\"taskIds\":"
                        + names.keySet().stream().map(JsonText::quote).collect(Collectors.joining(",", "[", "]"))
                        + "}}");
    }

    void begun(Call sent) {
        call.complete(sent);
    }

    /** True when the server tells of any of the tasks. */
    CompletableFuture<Boolean> acknowledgment() {
        return acknowledgment;
    }

    Collection<Task> granted() {
        return tasks.values().stream().filter(task -> task.granted).toList();
    }

    void onLost(Runnable listener) {
        lost.thenRun(listener);
    }

    /** Ends it at the server. */
    void close() {
        if (finish()) {
            call.thenAccept(sent -> sent.cancel("nobody listens any more"));
        }
    }

    private boolean finish() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            onOver.run();
        }
        return first;
    }

    @Override
    public Message request() {
        return request;
    }

    @Override
    public Client client() {
        return client;
    }

    @Override
    public void tell(Message notification) {
        if (notification.method().equals(Method.SUBSCRIPTIONS_ACKNOWLEDGED)) {
            String filter = notification.rawParam("notifications");
            String ids = filter.startsWith("{") ? JsonText.member(filter, "taskIds") : "";
            List<String> own = new ArrayList<>();
            if (ids.startsWith("[")) {
                JsonText.elements(ids).forEach(id -> own.add(JsonText.unquote(id)));
            }
            tasks.forEach((id, task) -> task.granted = own.contains(id));
            acknowledgment.complete(!granted().isEmpty());
        } else if (notification.method().equals(Method.TASKS)) {
            Task task = tasks.get(notification.param("taskId"));
            if (task != null) {
                task.become(notification);
            }
        }
    }

    @Override
    public void complete(Message response) {
        if (finish()) {
            acknowledgment.complete(false);
            lost.complete(null);
        }
    }

    /** One of them. */
    static final class Task implements TaskWatch.Watched {
        private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");
        private final String name;
        private final Set<Runnable> listeners = new CopyOnWriteArraySet<>();
        private volatile boolean granted; // written before the acknowledgment completes
        private volatile String news = ""; // the last that came

        private Task(String name) {
            this.name = name;
        }

        private void become(Message notification) {
            news = RawJson.withMember(
                    JsonText.without(notification.params(), Set.of("_meta")), "taskId", JsonText.quote(name));
            listeners.forEach(Runnable::run);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String news() {
            return news;
        }

        @Override
        public boolean isOver() {
            String known = news;
            return !known.isEmpty() && ENDS.contains(RawJson.string(known, "status"));
        }

        @Override
        public void listen(Runnable listener) {
            listeners.add(listener);
        }

        @Override
        public void unlisten(Runnable listener) {
            listeners.remove(listener);
        }
    }
}
