package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.ServerId;

class AdoptionTest {
    private static final ServerId SERVER = new ServerId("web");
    private static final Launch LAUNCH = new Launch(SERVER, 1, List.of("web"), Map.of(), Path.of("/"));
    private final Left left = new Left();
    private final Adoption adoption = new Adoption(Survivors.of(List.of(entry(1, 10), entry(2, 20))), this::child);
    private Journal.Entry adopted;

    private static Journal.Entry entry(long pid, long start) {
        Marker marker = new Marker("0-0", SERVER.value(), 1, "oldkept", pid);
        return new Journal.Entry(pid, start, marker, new Survival(8100, "ab".repeat(32)));
    }

    private Child child(Journal.Entry entry) {
        adopted = entry;
        return left;
    }

    private static final class Left implements Child {
        private final CompletableFuture<Exit> exited = new CompletableFuture<>();
        private boolean endsWhenStopped;
        private int stops;

        @Override
        public long pid() {
            return 2;
        }

        @Override
        public Instant startedAt() {
            return Instant.EPOCH;
        }

        @Override
        public String containment() {
            return "group";
        }

        @Override
        public OutputStream stdin() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream stdout() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream stderr() {
            return InputStream.nullInputStream();
        }

        @Override
        public CompletableFuture<Exit> exited() {
            return exited;
        }

        @Override
        public CompletableFuture<Boolean> stop(Duration endOfInput, Duration term) {
            stops++;
            if (endsWhenStopped) {
                exited.complete(new Exit(-1, 0));
            }
            return CompletableFuture.completedFuture(endsWhenStopped);
        }
    }

    @Test
    void theNewestOfAServerIsAdoptedOnce() {
        assertEquals(8100, adoption.look(SERVER).orElseThrow().port());
        assertEquals(Optional.of(left), adoption.adopt(SERVER));
        assertEquals(2, adopted.pid());
        assertEquals(Optional.empty(), adoption.adopt(SERVER));
        adoption.endBefore(LAUNCH);
        assertEquals(0, left.stops);
    }

    @Test
    void oneThatDoesNotEndKeepsEveryLaunchBackUntilItDoes() {
        for (int tries = 1; tries <= 3; tries++) {
            LaunchRefused refused = assertThrows(LaunchRefused.class, () -> adoption.endBefore(LAUNCH));
            assertTrue(refused.hostFault(), "no retry is counted");
            assertTrue(refused.problem().message().contains("pid 2"));
            assertEquals(tries, left.stops);
        }
        left.exited.complete(new Exit(-1, 0));
        adoption.endBefore(LAUNCH);
        assertEquals(3, left.stops);
    }

    @Test
    void whatNobodyWantsIsEnded() {
        left.endsWhenStopped = true;
        adoption.endAll();
        assertEquals(1, left.stops);
        assertEquals(Optional.empty(), adoption.look(SERVER));
    }
}
