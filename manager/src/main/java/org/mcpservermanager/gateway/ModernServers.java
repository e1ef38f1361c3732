package org.mcpservermanager.gateway;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.gateway.ModernDialect.Inbound;
import org.mcpservermanager.gateway.modern.Bridge;
import org.mcpservermanager.gateway.modern.ParamHeaders;
import org.mcpservermanager.gateway.modern.Standin;
import org.mcpservermanager.gateway.modern.TaskSupport;
import org.mcpservermanager.gateway.modern.Translation;
import org.mcpservermanager.gateway.modern.Visit;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.routing.Router;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;

/** Stateless requests to one server: passed on where it is of their era, bridged where it is older. */
final class ModernServers {
    private final Router router;
    private final Bridge bridge;
    private final Listens listens;
    private final BiFunction<ServerId, String, Optional<String>> tools;
    private final PassedTasks plainTasks = new PlainTasks();
    private final PassedTasks sealedTasks;

    /** @param tools a tool of a server by the name that the server knows, raw JSON as listed; empty while it is in no list */
    ModernServers(Router router, Bridge bridge, Listens listens, BiFunction<ServerId, String, Optional<String>> tools) {
        this.router = router;
        this.bridge = bridge;
        this.listens = listens;
        this.tools = tools;
        this.sealedTasks = new SealedTasks(bridge);
    }

    /** What to do when the server is known. */
    private interface Next {
        void with(Peer peer);
    }

    /** The endpoint of one server: nothing is renamed, but for what the operator wrote about it. */
    void serve(Inbound in, ServerId server) {
        Optional<Curtain> curtain = Curtain.of(router, server);
        Optional<Message> request =
                curtain.map(each -> each.inward(in.message())).orElseGet(() -> Optional.of(in.message()));
        whenThere(
                in,
                server,
                peer -> request.ifPresentOrElse(own -> alone(in.saying(own), server, peer, curtain), () -> in.outlet()
                        .end(Translation.toModern(
                                in.message(), curtain.orElseThrow().refusal(in.message()), peer.serverInfo()))));
    }

    private void alone(Inbound in, ServerId server, Peer peer, Optional<Curtain> curtain) {
        if (peer.era() == Era.MODERN) {
            pass(in, server, new Passing(in.message(), plainTasks, curtain));
            return;
        }
        String method = in.message().method();
        if (method.equals(Method.SERVER_DISCOVER)) {
            bridge.warm(server, in.caller(), in.meta().abilities());
            in.outlet()
                    .end(Translation.discover(
                            in.message(), peer.capabilities(), peer.instructions(), peer.serverInfo()));
        } else if (method.equals(Method.SUBSCRIPTIONS_LISTEN)) {
            listens.open(in, server, peer);
        } else {
            Visit visit = curtain.<Visit>map(each -> new CurtainedVisit(in.outlet(), each))
                    .orElse(in.outlet());
            bridged(in, new Asked(server, peer, in.message(), peer.serverInfo()), visit);
        }
    }

    /**
     * A request to all servers that turned out to be for this one.
     *
     * @param request with the names the server knows
     * @param serverInfo whom the client speaks with, raw JSON
     */
    void forward(Inbound in, ServerId server, Message request, String serverInfo) {
        whenThere(in, server, peer -> {
            if (peer.era() == Era.MODERN) {
                pass(in, server, new Passing(request, sealedTasks, Optional.empty()));
            } else {
                bridged(in, new Asked(server, peer, request, serverInfo), in.outlet());
            }
        });
    }

    /** A request about a task of one of all servers, which the id names. */
    void forwardTask(Inbound in, String serverInfo) {
        bridge.task(in.message().param("taskId"), in.caller())
                .ifPresentOrElse(task -> forward(in, task.server(), in.message(), serverInfo), () -> in.outlet()
                        .fail(PassedTasks.refusal(in.meta())));
    }

    private void whenThere(Inbound in, ServerId server, Next next) {
        Standin standin = bridge.unasked(server, in.caller());
        router.attach(server, standin).whenComplete((peer, failure) -> {
            bridge.release(standin);
            if (failure != null) {
                refuse(in, failure);
                return;
            }
            in.guarded(() -> next.with(peer));
        });
    }

    private static void refuse(Inbound in, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException known && known.problem().code().equals(Problem.SERVER_NOT_FOUND)) {
            in.outlet().refuse(Answer.problem(Answer.NOT_FOUND, known.problem()));
        } else {
            in.outlet().fail(Bridge.unavailable(failure));
        }
    }

    /** @param request with the names that the server knows */
    private record Passing(Message request, PassedTasks tasks, Optional<Curtain> curtain) {
        PassedCall.View view(Inbound in, ServerId server) {
            return new PassedCall.View() {
                @Override
                public boolean tells(Message notification) {
                    return curtain.map(each -> each.tells(notification)).orElse(true);
                }

                @Override
                public Message shown(Message response) {
                    if (request.method().equals(Method.SERVER_DISCOVER)) {
                        return Translation.discovered(response);
                    }
                    Message named = tasks.outward(server, in.caller(), in.message(), response);
                    return curtain.map(each -> each.outward(request.method(), named))
                            .orElse(named);
                }
            };
        }
    }

    private void pass(Inbound in, ServerId server, Passing passing) {
        Optional<Message> request = passing.tasks().inward(server, in.caller(), passing.request());
        if (request.isEmpty()) {
            in.outlet().fail(PassedTasks.refusal(in.meta()));
            return;
        }
        checkParams(in, server, passing.request());
        Standin standin = bridge.modern(server, in.caller());
        PassedCall passed = new PassedCall(
                request.get(), standin, in.outlet(), passing.view(in, server), () -> bridge.release(standin));
        Call call = router.send(server, passed);
        in.outlet().onGone(() -> {
            call.cancel("the client closed the connection");
            passed.finish();
        });
    }

    /** @param request with the names that the server knows */
    private record Asked(ServerId server, Peer peer, Message request, String serverInfo) {}

    private void bridged(Inbound in, Asked asked, Visit visit) {
        Message request = asked.request();
        if (PassedTasks.isAbout(request) && TaskSupport.isOffered(asked.peer().capabilities())) {
            bridge.tasks().serve(asked.server(), in.caller(), visit);
            return;
        }
        if (Translation.isRemoved(request.method())) {
            in.outlet().fail(Translation.methodNotFound(request.method()));
            return;
        }
        checkParams(in, asked.server(), request);
        boolean repeatable = isRepeatable(asked.server(), request);
        bridge.call(
                new Bridge.Requested(
                        asked.server(),
                        asked.peer(),
                        request,
                        in.caller(),
                        repeatable,
                        taskSupport(asked),
                        asked.serverInfo()),
                visit);
    }

    private TaskSupport taskSupport(Asked asked) {
        return TaskSupport.of(
                asked.peer().capabilities(),
                tool(asked.server(), asked.request()).orElse(""));
    }

    private void checkParams(Inbound in, ServerId server, Message request) {
        if (in.repeated()) {
            tool(server, request).ifPresent(tool -> ParamHeaders.of(tool)
                    .check(request, in.http().headers().ofRequest()));
        }
    }

    /** What the tool is listed as, raw JSON; empty for other requests, and for a tool that is in no list yet. */
    private Optional<String> tool(ServerId server, Message request) {
        return request.method().equals(Method.TOOLS_CALL)
                ? tools.apply(server, request.param("name"))
                : Optional.empty();
    }

    private boolean isRepeatable(ServerId server, Message request) {
        if (!request.method().equals(Method.TOOLS_CALL)) {
            return true;
        }
        String hints = tool(server, request)
                .map(tool -> JsonText.member(tool, "annotations"))
                .orElse("");
        return JsonText.member(hints, "readOnlyHint").equals("true")
                || JsonText.member(hints, "idempotentHint").equals("true");
    }
}
