package org.mcpservermanager.conversation;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Meta;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;

/** One subscription of the manager's own, to what legacy clients want to hear. */
final class Subscription implements Exchange {
    private final Keeper keeper;
    private final Terms terms;
    private final Wanted wanted;
    private Call call = Call.DONE; // guarded by this
    private boolean replaced; // guarded by this

    /** Who opened it. */
    interface Keeper {
        /** What every request of this keeper says in {@code _meta}. */
        Map<String, String> meta();

        /** @param granted raw JSON of the filter */
        void acknowledged(Subscription subscription, String granted);

        /** As a server of an earlier revision would tag it: not at all. */
        void told(Message notification);

        void ended(Subscription subscription, Optional<RpcError> error);
    }

    /**
     * @param version counts what was wanted, one after the other
     * @param names of the resources or tasks among it
     * @param notifications raw JSON of the filter
     */
    record Wanted(long version, Set<String> names, String notifications) {
        boolean isNothing() {
            return notifications.equals("{}");
        }
    }

    Subscription(Keeper keeper, Terms terms, Wanted wanted) {
        this.keeper = keeper;
        this.terms = terms;
        this.wanted = wanted;
    }

    Wanted wanted() {
        return wanted;
    }

    void begin(Subscriptions subscriptions) {
        Call begun = subscriptions.begin(this);
        synchronized (this) {
            call = begun;
            if (!replaced) {
                return;
            }
        }
        end();
    }

    void end() {
        Call begun;
        synchronized (this) {
            replaced = true;
            begun = call;
        }
        begun.cancel("replaced by another subscription");
    }

    @Override
    public Message request() {
        String meta = JsonText.object(keeper.meta());
        return Message.request(
                "0",
                Method.SUBSCRIPTIONS_LISTEN,
                "{\"_meta\":" + meta + ",\"notifications\":" + wanted.notifications() + "}");
    }

    @Override
    public Client client() {
        return new ManagerClient(terms.offered());
    }

    @Override
    public void tell(Message notification) {
        if (notification.method().equals(Method.SUBSCRIPTIONS_ACKNOWLEDGED)) {
            keeper.acknowledged(this, notification.rawParam("notifications"));
        } else {
            keeper.told(plain(notification));
        }
    }

    /** As a server of an earlier revision would say it. */
    private static Message plain(Message notification) {
        String meta = JsonText.without(notification.rawParam("_meta"), Set.of(Meta.SUBSCRIPTION_ID));
        String params = meta.equals("{}")
                ? JsonText.without(notification.params(), Set.of("_meta"))
                : JsonText.with(notification.params(), "_meta", meta);
        return Message.notification(notification.method(), params.equals("{}") ? "" : params);
    }

    @Override
    public void complete(Message answer) {
        keeper.ended(this, answer.kind() == Message.Kind.ERROR ? Optional.of(error(answer)) : Optional.empty());
    }

    private static RpcError error(Message answer) {
        String message = JsonText.member(answer.error(), "message");
        String code = JsonText.member(answer.error(), "code");
        return new RpcError(
                code.matches("-?\\d{1,9}") ? Integer.parseInt(code) : RpcError.INTERNAL_ERROR,
                message.isEmpty() ? "" : JsonText.unquote(message),
                JsonText.member(answer.error(), "data"));
    }
}
