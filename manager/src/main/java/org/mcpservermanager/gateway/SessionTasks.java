package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.ForwardingExchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;

/**
 * The tasks that one session made at several servers (2025-11-25, basic/utilities/tasks). Ids stay as they are; of two servers that
 * give the same, the second one's gets the server's name.
 */
final class SessionTasks {
    static final String RELATED = "io.modelcontextprotocol/related-task";
    private static final int TASKS_MAX = 1_000;

    private final Map<String, Owned> byExposed = new LinkedHashMap<>(); // guarded by this; the eldest first

    record Owned(ServerId server, String own, String exposed) {}

    synchronized Optional<Owned> find(String exposed) {
        return Optional.ofNullable(byExposed.get(exposed));
    }

    synchronized List<Owned> all() {
        return new ArrayList<>(byExposed.values());
    }

    synchronized void remove(Owned task) {
        byExposed.remove(task.exposed(), task);
    }

    /** Whether this session made a task that its server, whichever, calls so. */
    synchronized boolean knows(String own) {
        return byExposed.containsKey(own) && byExposed.get(own).own().equals(own);
    }

    private synchronized Owned add(ServerId server, String own) {
        Owned before = byExposed.get(own);
        String exposed = before == null || before.server().equals(server) ? own : own + "." + server;
        Owned task = new Owned(server, own, exposed);
        byExposed.put(exposed, task);
        if (byExposed.size() > TASKS_MAX) {
            Iterator<String> eldest = byExposed.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return task;
    }

    /** A call that asks for a task: remembers the one that is made. */
    Exchange making(Exchange exchange, Message request, ServerId server) {
        return new Face(exchange, request) {
            @Override
            Message shown(Message response) {
                String task = JsonText.member(response.result(), "task");
                String own = task.isEmpty() ? "" : RawJson.string(task, "taskId");
                if (own.isEmpty()) {
                    return response;
                }
                Owned made = add(server, own);
                return made.exposed().equals(own)
                        ? response
                        : Message.result(
                                response.id(),
                                RawJson.withMember(
                                        response.result(),
                                        "task",
                                        RawJson.withMember(task, "taskId", JsonText.quote(made.exposed()))));
            }
        };
    }

    /** A request about a task, by its server's id for it. */
    static Exchange about(Exchange exchange, Owned task) {
        Message request = exchange.request().withParam("taskId", JsonText.quote(task.own()));
        return new Face(exchange, request) {
            @Override
            Message shown(Message response) {
                return task.own().equals(task.exposed()) ? response : renamed(response, task);
            }
        };
    }

    static String renamed(String task, Owned owned) {
        return RawJson.string(task, "taskId").isEmpty()
                ? task
                : RawJson.withMember(task, "taskId", JsonText.quote(owned.exposed()));
    }

    private static Message renamed(Message response, Owned task) {
        String result = renamed(response.result(), task);
        String meta = JsonText.member(result, "_meta");
        String related = meta.isEmpty() ? "" : JsonText.member(meta, RELATED);
        return Message.result(
                response.id(),
                related.isEmpty()
                        ? result
                        : RawJson.withMember(
                                result, "_meta", RawJson.withMember(meta, RELATED, renamed(related, task))));
    }

    /** An exchange whose result is changed on its way back. */
    private abstract static class Face implements ForwardingExchange {
        private final Exchange inner;
        private final Message request;

        Face(Exchange inner, Message request) {
            this.inner = inner;
            this.request = request;
        }

        abstract Message shown(Message response);

        @Override
        public Exchange inner() {
            return inner;
        }

        @Override
        public Message request() {
            return request;
        }

        @Override
        public void complete(Message response) {
            inner.complete(response.kind() == Message.Kind.RESULT ? shown(response) : response);
        }
    }
}
