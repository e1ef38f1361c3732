package org.mcpservermanager.transport;

import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.Revision;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;

/**
 * Streamable HTTP by the revisions 2025-03-26 to 2025-11-25: a POST for each message, its answers as JSON or as a stream of events,
 * a session, and one more stream for what belongs to no request.
 */
public final class HttpLink extends WebLink {
    static final int MESSAGE_MAX = 16 << 20;
    private static final Duration FAREWELL_MAX = Duration.ofSeconds(2);
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(5);
    private static final int SESSION_ID_MAX = 1024;
    private static final System.Logger LOG = System.getLogger(HttpLink.class.getName());

    private final Map<String, Posting> postings = new ConcurrentHashMap<>();
    private final AtomicLong notifications = new AtomicLong();
    private final Listening listening;
    private volatile String session = "";
    private volatile String version = "";
    private volatile int refusal;
    /** Requests wait until the server has taken {@code initialized}; written by the sender of that. */
    private volatile CompletableFuture<Void> handshake = CompletableFuture.completedFuture(null);

    private CompletableFuture<Void> lastNotification = handshake; // guarded by postings

    private HttpLink(ServerId server, Target target, Web web) {
        super(server, target, web);
        this.listening = new Listening(this);
    }

    public static HttpLink to(ServerId server, Target target, Web web) {
        return new HttpLink(server, target, web);
    }

    /** Whether the answer to initialize says that this may be a server of the transport before this one. */
    public boolean mayBeOlder() {
        return refusal == 400 || refusal == 404 || refusal == 405;
    }

    @Override
    public boolean send(Message message) {
        if (ending.hasCome() || !budget.take(message.length())) {
            return false;
        }
        if (message.kind() == Message.Kind.NOTIFICATION) {
            inOrder(message);
        } else {
            Posting posting = posting(message.isResponse() ? "answer " + message.id() : message.id(), message);
            handshake.whenComplete((none, failure) -> posting.start());
        }
        return true;
    }

    private Posting posting(String key, Message message) {
        Posting posting = new Posting(this, key, message);
        postings.put(key, posting);
        if (ending.hasCome()) {
            posting.abort();
        }
        return posting;
    }

    /** Notifications follow each other; requests are free to overtake, as they may take long. */
    private void inOrder(Message notification) {
        Posting posting = posting("notification " + notifications.incrementAndGet(), notification);
        CompletableFuture<Void> before;
        synchronized (postings) {
            before = lastNotification;
            lastNotification = posting.accepted();
        }
        if (notification.method().equals(Method.INITIALIZED)) {
            handshake = posting.accepted();
            posting.accepted().thenRun(listening::start);
        }
        if (notification.method().equals(Method.CANCELLED)) {
            abortLater(notification.rawParam("requestId"));
        }
        before.whenComplete((none, failure) -> posting.start());
    }

    /** A server need not answer what was cancelled, and then would hold the connection for ever. */
    private void abortLater(String requestId) {
        Posting cancelled = postings.get(requestId);
        if (cancelled != null) {
            web.later(CANCEL_GRACE.toMillis(), cancelled::abort);
        }
    }

    @Override
    void leave() {
        listening.stop();
        List.copyOf(postings.values()).forEach(Posting::abort);
        intake.close(ending.reason());
        farewell();
    }

    private void farewell() {
        boolean known = ending.problem()
                .filter(problem -> problem.code().equals(Problem.SESSION_ENDED))
                .isPresent();
        if (session.isEmpty() || known) {
            ending.complete();
            return;
        }
        HttpRequest request = request().DELETE().timeout(FAREWELL_MAX).build();
        web.client().sendAsync(request, BodyHandlers.discarding()).whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        () -> target().origin() + ": the session was not ended: " + WebProblems.words(failure));
            }
            ending.complete();
        });
        ending.gone().completeOnTimeout(null, FAREWELL_MAX.toMillis() * 2, TimeUnit.MILLISECONDS);
    }

    boolean hasSession() {
        return !session.isEmpty();
    }

    HttpRequest.Builder request() {
        HttpRequest.Builder request = target().request();
        if (!session.isEmpty()) {
            request.setHeader("Mcp-Session-Id", session);
        }
        if (!version.isEmpty()) {
            request.setHeader("MCP-Protocol-Version", version);
        }
        return request;
    }

    HttpRequest post(Message message, Duration limit) {
        HttpRequest.Builder post = request()
                .setHeader("Content-Type", "application/json")
                .setHeader("Accept", "application/json, text/event-stream")
                .POST(BodyPublishers.ofByteArray(message.bytes()));
        return (limit.isZero() ? post : post.timeout(limit)).build();
    }

    /** @param lastEventId empty: from now on */
    HttpRequest listen(String lastEventId) {
        HttpRequest.Builder get =
                request().setHeader("Accept", "text/event-stream").GET();
        return (lastEventId.isEmpty() ? get : get.setHeader("Last-Event-ID", lastEventId)).build();
    }

    /** In turn: the head of a good answer to initialize. */
    void opened(HttpHeaders headers) {
        String id = headers.firstValue("Mcp-Session-Id").orElse("");
        if (id.length() <= SESSION_ID_MAX && id.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            session = id;
        } else {
            fail(new Problem(
                    Problem.HANDSHAKE_FAILED,
                    target().origin() + " gave a session id that cannot be sent back (expected: at most "
                            + SESSION_ID_MAX + " visible ASCII characters)",
                    "Report it to who makes that server."));
        }
    }

    /** In turn: before the receiver sees it. */
    void initialized(Message answer) {
        String result = answer.result();
        String spoken = result.isEmpty() ? "" : JsonText.member(result, "protocolVersion");
        String known = spoken.isEmpty() ? "" : JsonText.unquote(spoken);
        // before that revision the header did not exist
        version = Revision.of(known)
                        .filter(r -> r.isAtLeast(Revision.R2025_06_18))
                        .isPresent()
                ? known
                : "";
    }

    void refused(int status) {
        refusal = status;
    }

    void over(String key, Posting posting) {
        if (postings.remove(key, posting)) {
            budget.give(posting.length());
        }
    }
}
