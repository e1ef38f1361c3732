package org.mcpservermanager.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mcpservermanager.gateway.Bench.all;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.server.Phase;

/** What is kept of the lists of clients that can be asked, and for how long. */
class VariantsTest {
    private static final Duration ROUND = Duration.ofSeconds(Variants.ROUND_SECONDS);
    private static final Duration LINGER = Duration.ofSeconds(4);
    private final Bench bench = new Bench();

    VariantsTest() {
        bench.router.add("one");
        bench.becomes("one", Phase.RUNNING);
    }

    /** A stateless client that reads the tools; each number is another kind. */
    private void reads(int kind) {
        bench.stateless(all(), "tools/list", capabilities(kind), "", "");
    }

    private static String capabilities(int kind) {
        List<String> all = new ArrayList<>();
        if ((kind & 3) > 0) {
            all.add("\"elicitation\":{"
                    + List.of("\"form\":{}", "\"url\":{}", "\"form\":{},\"url\":{}")
                            .get((kind & 3) - 1) + "}");
        }
        if ((kind & 4) > 0) {
            all.add("\"sampling\":{}");
        }
        if ((kind & 8) > 0) {
            all.add("\"roots\":{}");
        }
        return "{" + String.join(",", all) + "}";
    }

    private List<Client> readers(List<Client> clients) {
        return clients.stream()
                .filter(client -> client.readsLists() && !client.isManager())
                .toList();
    }

    @Test
    void aKindThatIsNotSeenAnyMoreIsForgotten() {
        reads(1);
        Client reader = readers(bench.router.attached).get(0);
        bench.timer.advance(LINGER);
        assertEquals(List.of(reader), readers(bench.router.detached), "its copy goes when the lists were read");
        assertFalse(reader.isGone());

        bench.timer.advance(ROUND.multipliedBy(Variants.ROUNDS));

        assertTrue(reader.isGone());
        int before = bench.router.attached.size();
        bench.becomes("one", Phase.RUNNING);
        assertEquals(List.of(), readers(bench.router.attached.subList(before, bench.router.attached.size())));
    }

    @Test
    void aKindThatIsSeenStays() {
        reads(1);
        for (int round = 0; round < 3 * Variants.ROUNDS; round++) {
            bench.timer.advance(ROUND);
            reads(1);
        }
        assertEquals(1, Set.copyOf(readers(bench.router.attached)).size());
    }

    @Test
    void aKindWithAnOpenSessionStays() {
        bench.initialize(all(), "2025-11-25", "{\"elicitation\":{}}");
        Client reader = readers(bench.router.attached).get(0);

        bench.timer.advance(ROUND.multipliedBy(2L * Variants.ROUNDS));

        assertFalse(reader.isGone());
    }

    @Test
    void anOldKindMakesRoomForANewOne() {
        IntStream.rangeClosed(1, Variants.VARIANTS_MAX).forEach(this::reads);
        Client eldest = readers(bench.router.attached).get(0);
        reads(9);
        assertEquals(Variants.VARIANTS_MAX, new HashSet<>(readers(bench.router.attached)).size(), "all are in use");
        bench.timer.advance(ROUND);
        IntStream.rangeClosed(2, Variants.VARIANTS_MAX).forEach(this::reads);

        reads(9);

        assertTrue(eldest.isGone());
        assertEquals(
                1,
                readers(bench.router.attached).stream()
                        .filter(Client::isGone)
                        .distinct()
                        .count());
        assertEquals(Variants.VARIANTS_MAX + 1, new HashSet<>(readers(bench.router.attached)).size());
    }

    @Test
    void onlySoManyCopiesAreBorrowedAtATime() {
        IntStream.range(0, 20).mapToObj(i -> "s" + i).forEach(id -> {
            bench.router.add(id).holds("tools/list");
            bench.becomes(id, Phase.RUNNING);
        });
        reads(1);

        assertEquals(Loans.LOANS_MAX, new HashSet<>(readers(bench.router.attached)).size());
        bench.router.servers.values().forEach(server -> List.copyOf(server.received)
                .forEach(exchange -> exchange.complete(org.mcpservermanager.protocol.Message.result(
                        exchange.request().id(), "{\"tools\":[]}"))));
        for (int i = 0; i < 5; i++) {
            bench.timer.advance(LINGER);
            bench.router.servers.values().forEach(server -> List.copyOf(server.received)
                    .forEach(exchange -> exchange.complete(org.mcpservermanager.protocol.Message.result(
                            exchange.request().id(), "{\"tools\":[]}"))));
        }

        assertEquals(21, new HashSet<>(readers(bench.router.attached)).size(), "everybody had a turn");
        assertEquals(21, new HashSet<>(readers(bench.router.detached)).size(), "and left");
    }

    @Test
    void aTurnThatNobodyWaitsForIsPassedOn() {
        Loans loans = new Loans();
        IntStream.range(0, Loans.LOANS_MAX).forEach(i -> loans.take());
        CompletableFuture<Void> next = loans.take().toCompletableFuture();
        assertFalse(next.isDone());
        loans.give();
        assertTrue(next.isDone());
    }
}
