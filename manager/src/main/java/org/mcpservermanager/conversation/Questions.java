package org.mcpservermanager.conversation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.transport.Link;

/** What the server asks: whom it is for, and that it is answered exactly once on every path, unless the server takes it back. */
final class Questions {
    static final int OPEN_MAX = 256;
    private static final Map<String, String> CAPABILITIES = Map.of(
            Method.ELICITATION_CREATE, "elicitation",
            Method.SAMPLING_CREATE_MESSAGE, "sampling",
            Method.ROOTS_LIST, "roots");
    private static final System.Logger LOG = System.getLogger(Questions.class.getName());

    private final Terms terms;
    private final Link link;
    private final OpenCalls calls;
    private final TaskOwners tasks;
    private final Refusals refusals = new Refusals();
    private final Map<String, Question> open = new ConcurrentHashMap<>();

    Questions(Terms terms, Link link, OpenCalls calls, TaskOwners tasks) {
        this.terms = terms;
        this.link = link;
        this.calls = calls;
        this.tasks = tasks;
    }

    /** A question that waits for a client, and how that client is reached. */
    private static final class Question {
        private final Message message;
        private final Addressee addressee;
        /** Set by the reader before anybody is asked; the map of open questions hands it on. */
        private volatile Future<?> expiry = CompletableFuture.completedFuture(null);

        Question(Message message, Addressee addressee) {
            this.message = message;
            this.addressee = addressee;
        }
    }

    void asked(Message message) {
        if (message.method().equals(Method.PING)) {
            link.send(Message.result(message.id(), "{}"));
            return;
        }
        String capability = CAPABILITIES.getOrDefault(message.method(), "");
        if (!capability.isEmpty()
                && JsonText.member(terms.offered().capabilities(), capability).isEmpty()) {
            Optional<OpenCall> asking = calls.soleAsking();
            refuse(
                    message,
                    RpcError.METHOD_NOT_FOUND,
                    "the capability " + capability + " was not declared at initialize"
                            + (asking.isPresent() ? "" : refusals.marked(message)));
            asking.ifPresent(call -> call.exchange().refused(message));
            return;
        }
        if (message.method().equals(Method.ROOTS_LIST) && terms.owner() instanceof Owner.Shared) {
            // servers take roots for the whole session: one client's would become everybody's
            link.send(Message.result(message.id(), "{\"roots\":[]}"));
            return;
        }
        Optional<Addressee> addressee = addressee(message);
        if (addressee.isPresent() && !isDeclaredBy(addressee.get(), capability)) {
            refuse(message, RpcError.METHOD_NOT_FOUND, "the client did not declare the capability " + capability);
            addressee.get().refused(message);
            return;
        }
        addressee.ifPresentOrElse(
                certain -> pass(message, certain),
                () -> refuse(message, RpcError.METHOD_NOT_FOUND, "no client that it could be for is certain"));
    }

    /** An answer that quotes a refusal says whose question it was. */
    void answered(OpenCall call, Message answer) {
        refusals.quotedBy(answer).ifPresent(question -> call.exchange().refused(question));
    }

    /** Whom a question is for, which names no call and maybe a task; empty when that is not certain. */
    private Optional<Addressee> addressee(Message question) {
        return ofTask(question).or(this::owner).or(() -> calls.latestOfSoleClient()
                .filter(call -> Meta.relatedTask(question).isEmpty() || TaskOwners.makesTask(call))
                .map(Addressee::of));
    }

    /** Whom a log is for; empty when that is not certain enough. */
    Optional<Addressee> logReader(Message log) {
        return ofTask(log)
                .or(this::owner)
                .or(() -> Meta.relatedTask(log).isEmpty() ? calls.latestLogged().map(Addressee::of) : Optional.empty());
    }

    /** Whom progress is for that belongs to no open call, with the token of that client. */
    boolean progressed(Message progress) {
        Optional<TaskOwners.Made> made =
                tasks.ofProgress(progress).filter(task -> !task.progressToken().isEmpty());
        made.ifPresent(task -> addressee(task).tell(progress.withProgressToken(task.progressToken())));
        return made.isPresent();
    }

    /** Who waits for the result of the task, or else who made it; the server's word is better than any guess. */
    private Optional<Addressee> ofTask(Message message) {
        Optional<TaskOwners.Made> made = tasks.of(message);
        return calls.waitingFor(Meta.relatedTask(message))
                .filter(call -> made.map(task -> isOf(task, call)).orElse(true))
                .map(Addressee::of)
                .or(() -> terms.owner() instanceof Owner.Shared
                        ? made.map(task -> Addressee.of(task.client()))
                        : Optional.empty());
    }

    private Addressee addressee(TaskOwners.Made task) {
        return calls.waitingFor(task.id())
                .filter(call -> isOf(task, call))
                .map(Addressee::of)
                .orElseGet(() -> Addressee.of(task.client()));
    }

    /** An operator may wait for anybody's. */
    private static boolean isOf(TaskOwners.Made task, OpenCall call) {
        return task.client().equals(call.exchange().client());
    }

    /** A shared server was offered what any of its clients may have. */
    private boolean isDeclaredBy(Addressee addressee, String capability) {
        return !(terms.owner() instanceof Owner.Shared)
                || capability.isEmpty()
                || !JsonText.member(addressee.client().profile().capabilities(), capability)
                        .isEmpty();
    }

    private Optional<Addressee> owner() {
        if (terms.owner() instanceof Owner.Dedicated dedicated) {
            Client client = dedicated.client();
            return Optional.of(calls.latestOf(client).map(Addressee::of).orElseGet(() -> Addressee.of(client)));
        }
        return Optional.empty();
    }

    private void pass(Message message, Addressee addressee) {
        Question question = new Question(message, addressee);
        if (open.size() >= OPEN_MAX) {
            refuse(message, RpcError.INTERNAL_ERROR, "more than " + OPEN_MAX + " questions are open");
            return;
        }
        if (open.putIfAbsent(message.id(), question) != null) {
            refuse(message, RpcError.INVALID_REQUEST, "its id is that of another question that is still open");
            return;
        }
        addressee.questionOpened();
        try {
            question.expiry = terms.timer()
                    .schedule(
                            () -> withdraw(question, "it was not answered in time"),
                            terms.requestMax().toMillis(),
                            TimeUnit.MILLISECONDS);
            ask(question).whenComplete((answer, failure) -> answered(question, answer, failure));
        } catch (RuntimeException e) {
            answered(question, null, e);
        }
    }

    private static CompletionStage<Message> ask(Question question) {
        CompletionStage<Message> stage = question.addressee.ask(question.message);
        return stage == null ? CompletableFuture.failedFuture(new IllegalStateException("no answer stage")) : stage;
    }

    private void answered(Question question, Message answer, Throwable failure) {
        String id = question.message.id();
        if (failure != null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Server '" + terms.server() + "': a question could not be put",
                    failure);
            settle(question, Message.error(id, RpcError.of(RpcError.INTERNAL_ERROR, "The client could not be asked")));
        } else if (answer == null || !answer.isResponse()) {
            settle(
                    question,
                    Message.error(id, RpcError.of(RpcError.INTERNAL_ERROR, "The client gave no valid answer")));
        } else {
            settle(question, answer.withId(id));
        }
    }

    private void settle(Question question, Message answer) {
        if (close(question)) {
            link.send(answer);
        }
    }

    private boolean close(Question question) {
        if (!open.remove(question.message.id(), question)) {
            return false;
        }
        question.addressee.questionClosed();
        question.expiry.cancel(false);
        return true;
    }

    /** The server takes a question back; it expects no answer then. False when there is no such question. */
    boolean takenBack(Message cancellation) {
        Question question = open.get(cancellation.rawParam("requestId"));
        if (question == null || !close(question)) {
            return false;
        }
        tell(question, cancellation);
        return true;
    }

    /** A call is over for us: what was asked within it is answered with an error, and the client's person need not go on. */
    void callGone(OpenCall call, String reason) {
        if (open.isEmpty()) {
            return;
        }
        List.copyOf(open.values()).stream()
                .filter(question -> question.addressee.isWithin(call))
                .forEach(question -> withdraw(question, reason));
    }

    void end(String reason) {
        List.copyOf(open.values()).forEach(question -> withdraw(question, reason));
    }

    private void withdraw(Question question, String reason) {
        if (!close(question)) {
            return;
        }
        Message message = question.message;
        refuse(message, RpcError.INTERNAL_ERROR, reason);
        tell(
                question,
                Message.notification(
                        Method.CANCELLED,
                        "{\"requestId\":" + message.id() + ",\"reason\":" + JsonText.quote(reason) + "}"));
    }

    private void tell(Question question, Message cancellation) {
        try {
            question.addressee.tell(cancellation);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Server '" + terms.server() + "': a client could not be told", e);
        }
    }

    private void refuse(Message message, int code, String why) {
        link.send(Message.error(message.id(), RpcError.of(code, message.method() + " is not answered: " + why)));
    }
}
