package org.mcpservermanager.gateway.modern;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.Revision;
import org.mcpservermanager.server.ServerId;

/** The client that a server sees in place of stateless ones. */
public final class Standin implements Client {
    private static final String INFO = "{\"name\":\"mcp-server-manager\",\"version\":\"1\"}";

    private final Place place;
    private final Profile profile;
    private final BiConsumer<Place, Message> news;
    private volatile boolean gone; // once true, for ever
    private volatile String level = ""; // of the calls that are told to it; the last wish counts

    private final Map<String, BridgedTask> tasks = new ConcurrentHashMap<>(); // that are not over, by the server's ids

    /** Guarded by the {@link Standins} that made it. */
    int users;

    /** Likewise. */
    long idleSince;

    /**
     * Where and for whom.
     *
     * @param caller name of the authenticated caller: what one caller's calls left behind is no other's
     * @param abilities as JSON; those with the same are the same to an older server
     */
    public record Place(ServerId server, String caller, String abilities) {
        static final String UNASKED = "{}";
        /** At a server of the clients' own era: one for all, since every request says who asks. */
        static final String MODERN = "";

        boolean isAsked() {
            return !abilities.equals(UNASKED) && !abilities.equals(MODERN);
        }

        private Profile profile() {
            return abilities.equals(MODERN)
                    ? new Profile(Era.MODERN_VERSION, UNASKED, INFO, false)
                    : new Profile(Revision.LATEST.version(), abilities, INFO, isAsked());
        }
    }

    Standin(Place place, BiConsumer<Place, Message> news) {
        this.place = place;
        this.profile = place.profile();
        this.news = news;
    }

    Place place() {
        return place;
    }

    /** One of clients that cannot be asked works for many tasks, any other for one. */
    void begins(BridgedTask task) {
        tasks.put(task.own(), task);
    }

    void ends(BridgedTask task) {
        tasks.remove(task.own(), task);
    }

    /** @return true when its server has to be told */
    boolean levelBecomes(String wanted) {
        boolean changed = !level.equals(wanted);
        level = wanted;
        return changed;
    }

    void leave() {
        gone = true;
    }

    @Override
    public Profile profile() {
        return profile;
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public void tell(Message notification) {
        if (notification.method().equals(Method.TASKS_STATUS)) {
            task(notification.param("taskId")).ifPresent(task -> task.hear(notification));
        } else {
            news.accept(place, notification);
        }
    }

    private Optional<BridgedTask> task(String own) {
        return Optional.ofNullable(tasks.get(own));
    }

    /** Outside calls there is nobody to ask, unless it works for a task. */
    @Override
    public CompletionStage<Message> ask(Message question) {
        String related = Meta.relatedTask(question);
        Optional<BridgedTask> asking =
                related.isEmpty() && place.isAsked() ? tasks.values().stream().findFirst() : task(related);
        return asking.map(task -> task.ask(question)).orElseGet(() -> unasked(question));
    }

    private static CompletionStage<Message> unasked(Message question) {
        return CompletableFuture.completedFuture(
                switch (question.method()) {
                    case Method.ELICITATION_CREATE -> Message.result(question.id(), "{\"action\":\"cancel\"}");
                    case Method.ROOTS_LIST -> Message.result(question.id(), "{\"roots\":[]}");
                    default -> Question.refused(question, "it belongs to no call");
                });
    }
}
