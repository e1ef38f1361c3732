package org.mcpservermanager.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;

@Timeout(30)
class InJvmLinkTest extends LinkContract {
    private final ExecutorService manager = Executors.newFixedThreadPool(2);
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private InJvmLink link;

    @AfterEach
    void end() {
        over.countDown();
        link.close();
        manager.shutdownNow();
    }

    private InJvmLink to(Consumer<Message> server) {
        InJvmLink.Peer peer = new InJvmLink.Peer() {
            @Override
            public void handle(Message message) {
                server.accept(message);
            }

            @Override
            public Problem broken(Message at, Throwable thrown) {
                return new Problem(Problem.BEAN_FAILED, at.method() + " threw " + thrown.getMessage(), "");
            }
        };
        link = new InJvmLink(
                peer,
                task -> {
                    Thread thread = new Thread(task, "in-jvm-link-test");
                    threads.add(thread);
                    return thread;
                },
                manager);
        return link;
    }

    private static Message request(int id) {
        return Message.request(Integer.toString(id), "r", "");
    }

    private void hang() {
        try {
            over.await();
        } catch (InterruptedException interrupted) {
            handled.add("interrupted");
        }
    }

    @Override
    Link linkToEcho() {
        return to(message -> link.receive(new String(message.bytes(), UTF_8)));
    }

    @Override
    void endPeer() {
        link.fail(new Problem(Problem.BEAN_FAILED, lastWords(), ""));
    }

    @Test
    void handlesRequestsAtTheSameTimeAndAnswersAndNotificationsBesideThem() throws Exception {
        CountDownLatch all = new CountDownLatch(InJvmLink.REQUESTS_MAX);
        to(message -> {
            handled.add(message.kind().name());
            if (message.kind() == Message.Kind.REQUEST) {
                all.countDown();
                hang();
            }
        });
        link.open(inbox);
        for (int i = 0; i <= InJvmLink.REQUESTS_MAX; i++) {
            assertTrue(link.send(request(i)));
        }
        assertTrue(all.await(10, TimeUnit.SECONDS));
        link.send(Message.result("1", "{}"));
        link.send(Message.notification("n", ""));
        inbox.await(() -> handled.containsAll(List.of("RESULT", "NOTIFICATION")));
        assertEquals(InJvmLink.REQUESTS_MAX + 2, handled.size());
        assertEquals(InJvmLink.REQUESTS_MAX + 2, threads.size());
    }

    @Test
    void handlesANotificationBeforeWhatCameAfterIt() throws Exception {
        CountDownLatch notified = new CountDownLatch(1);
        to(message -> {
            if (message.kind() == Message.Kind.NOTIFICATION) {
                try {
                    notified.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            handled.add(message.method());
        });
        link.open(inbox);
        link.send(request(1));
        inbox.await(() -> handled.size() == 1);
        link.send(Message.notification("n", ""));
        link.send(request(2));
        notified.countDown();
        inbox.await(() -> handled.size() == 3);
        assertEquals(List.of("r", "n", "r"), handled);
    }

    @Test
    void whoeverHandlesANotificationMayWaitForAnAnswer() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        to(message -> {
            if (message.isResponse()) {
                answered.countDown();
                return;
            }
            try {
                answered.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            handled.add(message.method());
        });
        link.open(inbox);
        link.send(Message.notification("n", ""));
        link.send(request(1));
        link.send(Message.result("1", "{}"));
        inbox.await(() -> handled.size() == 2);
        assertEquals(List.of("n", "r"), handled);
    }

    @Test
    void takesNoMoreThanSoManyForAServerThatHangs() {
        to(message -> hang());
        link.open(inbox);
        for (int i = 0; i < Budget.MESSAGES_MAX; i++) {
            assertTrue(link.send(request(i)));
        }
        assertFalse(link.send(request(-1)));
    }

    @Test
    void whatAServerThrowsIsItsEnd() throws Exception {
        to(message -> {
            throw new IllegalStateException("broken");
        });
        link.open(inbox);
        link.send(request(1));
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(List.of("r threw broken"), inbox.closed);
        assertEquals(Problem.BEAN_FAILED, link.problem().orElseThrow().code());
        assertFalse(link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"late\"}"));
    }

    @Test
    void isGoneWithItsThreadsWhenTheLastOfThemReturned() throws Exception {
        to(message -> hang());
        link.open(inbox);
        link.send(request(1));
        inbox.await(() -> link.whereabouts().contains("hang"));
        link.close();
        assertFalse(link.gone().isDone());
        link.interrupt();
        link.gone().get(10, TimeUnit.SECONDS);
        assertEquals(List.of("interrupted"), handled);
        for (Thread thread : threads) {
            thread.join(10_000);
            assertFalse(thread.isAlive());
        }
        assertEquals("", link.whereabouts());
    }

    @Test
    void aServerThatSaysTooMuchWaitsUntilSomebodyListens() throws Exception {
        to(message -> {});
        CountDownLatch all = new CountDownLatch(1);
        Thread talker = new Thread(() -> {
            for (int i = 0; i < 1000; i++) {
                link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"m" + i + "\"}");
            }
            all.countDown();
        });
        talker.start();
        inbox.await(() -> talker.getState() == Thread.State.WAITING);
        link.open(inbox);
        assertTrue(all.await(10, TimeUnit.SECONDS));
        inbox.await(() -> inbox.messages.size() == 1000);
        assertEquals("m999", inbox.messages.get(999).method());
    }

    @Test
    void aServerThatWaitsForRoomIsFreedByTheEnd() throws Exception {
        to(message -> {});
        Thread talker = new Thread(() -> {
            while (link.receive("{\"jsonrpc\":\"2.0\",\"method\":\"m\"}")) {
                handled.add("sent");
            }
        });
        talker.start();
        inbox.await(() -> talker.getState() == Thread.State.WAITING);
        link.close();
        talker.join(10_000);
        assertFalse(talker.isAlive());
    }

    @Test
    void refusesWhatIsNoMessage() {
        to(message -> {});
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> link.receive("[1]"));
        assertTrue(refused.getMessage().startsWith("no JSON-RPC message: "), refused::getMessage);
        assertThrows(
                IllegalArgumentException.class,
                () -> link.receive(
                        "{\"jsonrpc\":\"2.0\",\"method\":\"" + "x".repeat(StdioLink.LINE_LENGTH_MAX) + "\"}"));
    }
}
