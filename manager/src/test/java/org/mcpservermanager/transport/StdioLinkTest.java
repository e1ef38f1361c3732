package org.mcpservermanager.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.ServerId;

class StdioLinkTest extends LinkContract {
    private static final ServerId SERVER = new ServerId("stdio-link-test");
    private static final int LINE_MAX = 64 << 10;
    private final List<Process> processes = new ArrayList<>();

    private Process run(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.add(process);
        return process;
    }

    private Link linkTo(String script) throws IOException {
        Process process = run(script);
        Link link = new StdioLink(SERVER, process.getInputStream(), process.getOutputStream(), LINE_MAX);
        link.open(inbox);
        return link;
    }

    @Override
    Link linkToEcho() throws IOException {
        Process process = run("exec cat");
        return StdioLink.over(SERVER, process.getInputStream(), process.getOutputStream());
    }

    @Override
    void endPeer() {
        // Process.destroyForcibly would also close our end of the pipe
        processes.get(processes.size() - 1).toHandle().destroyForcibly();
    }

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void reportsWhatIsNoMessageAndGoesOn() throws Exception {
        linkTo("printf 'Server ready\\n\\n  \\r\\n{\"jsonrpc\":\"2.0\"}\\n[info] up\\n\\000\\377\\376\\n"
                + "{\"jsonrpc\":\"2.0\",\"method\":\"m\"}\\r\\n'; exec sleep 60");
        inbox.await(() -> inbox.messages.size() == 1);
        assertEquals("m", inbox.messages.get(0).method());
        assertEquals(4, inbox.noise.size(), inbox.noise::toString);
        assertEquals("Server ready", inbox.noise.get(0));
        assertTrue(inbox.noise.get(1).startsWith("Invalid request: a message has exactly one"), inbox.noise.get(1));
        assertEquals("[info] up", inbox.noise.get(2));
        assertTrue(inbox.closed.isEmpty());
    }

    @Test
    void joinsWhatComesInPiecesAndDropsATornTail() throws Exception {
        linkTo(
                "printf '{\"jsonrpc\":\"2'; printf '.0\",\"method\":\"\\303'; printf '\\251\"}\\n{\"jsonrpc\":\"2.0\",\"meth'");
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(List.of("é"), inbox.messages.stream().map(Message::method).toList());
        assertEquals(List.of(), inbox.noise);
    }

    @Test
    void takesABatchApart() throws Exception {
        linkTo("printf '[{\"jsonrpc\":\"2.0\",\"method\":\"a\"}, 7, {\"jsonrpc\":\"2.0\",\"method\":\"b\"}]\\n'");
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(
                List.of("a", "b"), inbox.messages.stream().map(Message::method).toList());
        assertEquals(1, inbox.noise.size());
    }

    @Test
    @Fault(24)
    void cutsALineThatIsTooLongAndFailsItsCaller() throws Exception {
        linkTo("long() { head -c 200000 /dev/zero | tr '\\0' x; }\n"
                + "printf '{\"result\":{\"text\":\"'; long; printf '\"},\"jsonrpc\":\"2.0\",\"id\":17}\\n'\n"
                + "printf '{\"jsonrpc\":\"2.0\",\"id\":18,\"result\":\"'; long; printf '\"}\\n'\n"
                + "printf '{\"method\":\"m\",\"params\":{\"text\":\"'; long; printf '\"},\"jsonrpc\":\"2.0\",\"id\":19}\\n'\n"
                + "printf '{\"jsonrpc\":\"2.0\",\"method\":\"after\"}\\n'\n");
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(
                List.of("17", "18", ""),
                inbox.messages.stream().map(Message::id).toList());
        assertTrue(
                inbox.messages.get(0).error().contains("200046 bytes (expected: at most 65536)"),
                inbox.messages.get(0)::error);
        assertEquals("after", inbox.messages.get(2).method());
        assertEquals(3, inbox.noise.size());
    }

    @Test
    @Fault(25)
    void survivesAFloodWithoutLineEnd() throws Exception {
        linkTo("head -c 50000000 /dev/zero; printf '\\n{\"jsonrpc\":\"2.0\",\"method\":\"after\"}\\n'");
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(1, inbox.messages.size());
        assertTrue(inbox.noise.get(0).startsWith("a line of 50000000 bytes was cut"), inbox.noise.get(0));
    }

    @Test
    void limitsReportsOfNoise() throws Exception {
        linkTo("yes noise | head -n 100000; printf '{\"jsonrpc\":\"2.0\",\"method\":\"after\"}\\n'");
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(1, inbox.messages.size());
        assertTrue(inbox.noise.size() < 10_000, "reports: " + inbox.noise.size());
    }

    @Test
    void theLastNoiseBeforeTheEndIsNeverLeftOut() throws Exception {
        linkTo("yes noise | head -n 800; echo 'FATAL: the reason'");
        inbox.await(() -> !inbox.closed.isEmpty());
        int last = inbox.noise.size() - 1;
        assertEquals("FATAL: the reason", inbox.noise.get(last));
        assertTrue(inbox.noise.get(last - 1).endsWith(" lines before this one are not shown)"), inbox.noise::toString);
    }

    @Test
    void theLastNoiseOfAFloodIsToldWithALaterMessage() throws Exception {
        linkTo(
                "yes noise | head -n 800; echo last; sleep 1.2; echo '{\"jsonrpc\":\"2.0\",\"method\":\"m\"}'; sleep 30");
        inbox.await(() -> !inbox.messages.isEmpty());
        assertEquals("last", inbox.noise.get(inbox.noise.size() - 1));
    }

    @Test
    void goesOnWhenTheReceiverFails() throws Exception {
        inbox.failing = true;
        linkTo("printf 'noise\\n{\"jsonrpc\":\"2.0\",\"method\":\"a\"}\\n{\"jsonrpc\":\"2.0\",\"method\":\"b\"}\\n'");
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals(2, inbox.messages.size());
    }

    @Test
    @Fault(33)
    void refusesInsteadOfBlockingWhenTheServerDoesNotRead() throws Exception {
        Link link = linkTo("exec sleep 60");
        Message big = Message.notification("m", "{\"text\":\"" + "x".repeat(100_000) + "\"}");
        int taken = assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            int count = 0;
            while (link.send(big)) {
                count++;
            }
            return count;
        });
        assertTrue(taken > 70 && taken <= Outbox.BYTES_MAX / big.length(), "taken: " + taken);
        assertTimeoutPreemptively(Duration.ofSeconds(5), link::close);
        endPeer();
        inbox.await(() -> !inbox.closed.isEmpty());
    }

    @Test
    void refusesMoreThanSoManySmallMessages() throws Exception {
        Link link = linkTo("exec sleep 60");
        assertTrue(link.send(Message.notification("m", "{\"text\":\"" + "x".repeat(100_000) + "\"}")));
        Message small = Message.notification("m", "");
        int taken = 1;
        while (link.send(small)) {
            taken++;
        }
        assertTrue(taken <= 2 * Outbox.MESSAGES_MAX, "taken: " + taken);
    }

    @Test
    void takesAMessageLargerThanTheQueueWhenItIsAlone() throws Exception {
        Link link = opened();
        Message huge = Message.notification("m", "{\"text\":\"" + "x".repeat(Outbox.BYTES_MAX + 1000) + "\"}");
        assertTrue(link.send(huge));
        inbox.await(() -> inbox.messages.size() == 1);
        assertEquals(huge.length(), inbox.messages.get(0).length());
    }

    @Test
    void writesWhatWasTakenBeforeItClosesTheInput() throws Exception {
        Process process = run("test $(wc -l) -eq 50");
        Link link = StdioLink.over(SERVER, process.getInputStream(), process.getOutputStream());
        link.open(inbox);
        for (int i = 0; i < 50; i++) {
            assertTrue(link.send(Message.notification("m", "")));
        }
        link.close();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
    }

    @Test
    void hasOneThreadOfItsOwnAndEndsItWhenTheServerIsGone() throws Exception {
        ServerId own = new ServerId("thread-test");
        Process process = run("exec cat");
        Link link = StdioLink.over(own, process.getInputStream(), process.getOutputStream());
        link.open(inbox);
        inbox.await(() -> !threadsOfTheLink().isEmpty());
        List<Thread> threads = threadsOfTheLink();
        assertEquals(1, threads.size());
        link.close();
        for (Thread thread : threads) {
            thread.join(10_000);
            assertFalse(thread.isAlive(), thread::getName);
        }
    }

    private static List<Thread> threadsOfTheLink() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("mcp-thread-test-"))
                .toList();
    }

    @Test
    void writesInTheSendersThreadWhatAPipeTakesThatNobodyReads() throws Exception {
        List<String> writers = new CopyOnWriteArrayList<>();
        OutputStream input = new OutputStream() {
            @Override
            public void write(int value) {
                throw new AssertionError("one by one");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writers.add(Thread.currentThread().getName());
            }
        };
        Link link = StdioLink.over(SERVER, new PipedInputStream(new PipedOutputStream()), input);
        link.open(inbox);
        String own = Thread.currentThread().getName();
        String params = "{\"a\":\"" + "x".repeat(1000) + "\"}";
        for (int i = 0; i < 3; i++) {
            assertTrue(link.send(Message.notification("m", params)));
        }
        assertEquals(List.of(own, own, own), writers);
        assertTrue(link.send(Message.notification("m", params)));
        inbox.await(() -> writers.size() == 4);
        assertNotEquals(own, writers.get(3));
        link.close();
    }

    @Test
    void endsTheInputWithoutAnotherThreadWhenNothingIsBeingWritten() throws Exception {
        AtomicReference<String> closer = new AtomicReference<>();
        OutputStream input = new OutputStream() {
            @Override
            public void write(int value) {}

            @Override
            public void close() {
                closer.set(Thread.currentThread().getName());
            }
        };
        Link link = StdioLink.over(SERVER, InputStream.nullInputStream(), input);
        link.open(inbox);
        inbox.await(() -> !inbox.closed.isEmpty());
        assertEquals("mcp-" + SERVER + "-out", closer.get());
    }
}
