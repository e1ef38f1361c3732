package org.mcpservermanager.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.Message;

/** What every link does, shown with a peer that sends back all it gets. */
abstract class LinkContract {
    final Inbox inbox = new Inbox();
    private final List<Link> links = new ArrayList<>();

    /** A new link to a peer that echoes. */
    abstract Link linkToEcho() throws Exception;

    /** The peer of the link made last goes away. */
    abstract void endPeer() throws Exception;

    /** What a link tells when its peer is gone. */
    String lastWords() {
        return "the server ended its output";
    }

    final Link opened() throws Exception {
        Link link = linkToEcho();
        links.add(link);
        link.open(inbox);
        return link;
    }

    @AfterEach
    void closeLinks() {
        links.forEach(Link::close);
    }

    private static Message message(int n) {
        return Message.notification("n/" + n, "{\"text\":\"é \\n 漢\"}");
    }

    @Test
    void carriesMessagesInOrderByteForByte() throws Exception {
        Link link = opened();
        for (int i = 0; i < 200; i++) {
            assertTrue(link.send(message(i)));
        }
        inbox.await(() -> inbox.messages.size() == 200);
        for (int i = 0; i < 200; i++) {
            assertArrayEquals(message(i).bytes(), inbox.messages.get(i).bytes());
        }
    }

    @Test
    void keepsMessagesOfManySendersWhole() throws Exception {
        Link link = opened();
        List<Thread> senders = new ArrayList<>();
        for (int s = 0; s < 8; s++) {
            int first = s * 20;
            senders.add(new Thread(() -> {
                for (int i = first; i < first + 20; i++) {
                    link.send(message(i));
                }
            }));
        }
        senders.forEach(Thread::start);
        inbox.await(() -> inbox.messages.size() == 160);
        assertEquals(
                160, inbox.messages.stream().map(Message::method).distinct().count());
    }

    @Test
    void takesNothingAfterClose() throws Exception {
        Link link = opened();
        link.close();
        link.close();
        assertFalse(link.send(message(1)));
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(1, inbox.closed.size());
        assertTrue(inbox.messages.isEmpty());
    }

    @Test
    void tellsOnceThatThePeerIsGone() throws Exception {
        Link link = opened();
        endPeer();
        inbox.await(() -> !inbox.closed.isEmpty());
        assertFalse(link.send(message(1)));
        link.close();
        assertEquals(List.of(lastWords()), inbox.closed);
    }
}
