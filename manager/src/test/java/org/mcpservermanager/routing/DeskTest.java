package org.mcpservermanager.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.conversation.Peer;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;

class DeskTest {
    private static final Message UPDATED = Message.notification("notifications/resources/updated", "{\"uri\":\"a:1\"}");
    private static final Message LOG = Message.notification("notifications/message", "{\"level\":\"info\",\"data\":1}");
    private static final Message CHANGED = Message.notification("notifications/tools/list_changed", "");
    private final Client manager = new SomeClient(true, false);
    private final Client sharing = new SomeClient(false, false);
    private final Client alsoSharing = new SomeClient(false, false);
    private final Client apart = new SomeClient(false, true);
    private final Desk desk = new Desk(client -> client.profile().interactive());

    @Test
    void tellsUpdatesToThoseWhoWatchTheSharedCopy() {
        desk.watch(sharing, "a:1");
        desk.watch(apart, "a:1");
        assertEquals(List.of(sharing), desk.audience(UPDATED));
    }

    @Test
    void tellsUpdatesOfAPartToThoseWhoWatchTheWhole() {
        desk.watch(sharing, "a:");
        desk.watch(alsoSharing, "a:12");
        assertEquals(List.of(sharing), desk.audience(UPDATED));
    }

    @Test
    void tellsListChangesToAllWhoShareTheCopy() {
        desk.attach(manager);
        desk.attach(apart);
        assertEquals(List.of(manager), desk.audience(CHANGED));
    }

    @Test
    void tellsLogsToTheOneClientBesideTheManager() {
        desk.attach(manager);
        desk.attach(apart);
        desk.attach(sharing);
        assertEquals(List.of(sharing), desk.audience(LOG));
    }

    @Test
    void tellsLogsToNobodyWhenTheyMayBeAnothers() {
        desk.attach(sharing);
        desk.attach(alsoSharing);
        assertEquals(List.of(), desk.audience(LOG));
    }

    @Test
    void wishesOfOwnCopiesAreNoneOfTheSharedCopys() {
        desk.watch(apart, "a:1");
        desk.level(apart, "debug");
        assertEquals("error", desk.level(sharing, "error"));
        assertEquals(Map.of("logging/setLevel", List.of("{\"level\":\"error\"}")), desk.wishesOfAll());
    }

    @Test
    void whatWasAskedOfAnEarlierManagerHoldsAgain() {
        desk.level(alsoSharing, "debug");
        Map<String, List<String>> told = desk.resume(sharing, new Wishes("error", List.of("a:1")));
        assertEquals(
                Map.of(
                        "logging/setLevel",
                        List.of("{\"level\":\"debug\"}"),
                        "resources/subscribe",
                        List.of("{\"uri\":\"a:1\"}")),
                told);
        assertEquals(List.of(sharing), desk.audience(UPDATED));
    }

    @Test
    void aLevelChosenSinceCountsMoreThanAnEarlierOne() {
        desk.level(sharing, "info");
        desk.resume(sharing, new Wishes("debug", List.of()));
        assertEquals(Map.of("logging/setLevel", List.of("{\"level\":\"info\"}")), desk.wishesOfAll());
    }

    @Test
    void onlyAnotherCopyOfAClientIsToldItsWishes() {
        Conversation first = new FakeConversation();
        Conversation second = new FakeConversation();
        desk.level(apart, "debug");
        assertEquals(Optional.empty(), desk.wishesOf(apart, first), "it was told by the client");
        assertEquals(Optional.empty(), desk.wishesOf(apart, first));
        assertEquals(
                Optional.of(Map.of("logging/setLevel", List.of("{\"level\":\"debug\"}"))),
                desk.wishesOf(apart, second));
        assertEquals(Optional.empty(), desk.wishesOf(apart, second));
    }

    @Test
    void theFirstCopyOfAResumedClientIsToldItsWishes() {
        Conversation first = new FakeConversation();
        desk.resume(apart, new Wishes("", List.of("a:1")));
        assertEquals(
                Optional.of(Map.of("resources/subscribe", List.of("{\"uri\":\"a:1\"}"))), desk.wishesOf(apart, first));
        assertEquals(Optional.empty(), desk.wishesOf(apart, first));
    }

    private static final class FakeConversation implements Conversation {
        @Override
        public Peer peer() {
            throw new AssertionError("a desk knows a copy by its identity");
        }

        @Override
        public Call begin(Exchange exchange) {
            throw new AssertionError("a desk sends nothing");
        }

        @Override
        public void tell(Message notification) {
            throw new AssertionError("a desk sends nothing");
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public void end(Problem cause) {
            throw new AssertionError("a desk ends nothing");
        }
    }

    private record SomeClient(boolean isManager, boolean asks, Object identity) implements Client {
        SomeClient(boolean isManager, boolean asks) {
            this(isManager, asks, new Object());
        }

        @Override
        public Profile profile() {
            return new Profile("2025-11-25", "{}", "{}", asks);
        }

        @Override
        public void tell(Message notification) {
            throw new AssertionError("a desk only says who is told");
        }

        @Override
        public CompletionStage<Message> ask(Message question) {
            return CompletableFuture.failedFuture(new AssertionError("a desk asks nobody"));
        }
    }
}
