package org.mcpservermanager.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.example.greeter.Greeter;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.custom.Connection;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Dependencies;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Quota;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.StartRules;
import org.mcpservermanager.server.Timeouts;
import org.mcpservermanager.server.Wire;

/** Servers inside the manager that throw, hang or are not well. */
class FailingCustomServersTest extends CustomFleet {
    @Test
    void whatHandleThrowsFailsTheOpenCallsAndIsAFailureUnderTheRestartPolicy() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        beans.all.put("bean", () -> new Odd() {
            @Override
            void odd(String message, Connection connection) throws Exception {
                if (message.contains("wait")) {
                    called.countDown();
                    over.await();
                }
                super.odd(message, connection);
            }
        });
        start(spec(Spoken.Choice.LEGACY));
        CompletableFuture<Message> open = call(new Plain(), "odd", "{\"wait\":1}");
        assertTrue(called.await(10, TimeUnit.SECONDS));
        Message lost = call(new Plain(), "odd", "{}").get(10, TimeUnit.SECONDS);
        assertTrue(lost.error().contains("oddly broken"), lost.error());
        assertTrue(open.get(10, TimeUnit.SECONDS).error().contains("oddly broken"));
        await(() -> snapshot().generation() == 2 && snapshot().phase() == Phase.RUNNING, told);
        assertEquals(List.of("start", "stop", "destroyed bean", "start"), told);
        assertTrue(servers.output(ID, 100).stream()
                .anyMatch(line -> line.line().contains("java.lang.IllegalStateException: oddly broken")));
    }

    @Test
    void aServerSaysThatItIsBroken() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            void odd(String message, Connection connection) {
                connection.fail("the clock has stopped");
            }
        });
        start(spec(Spoken.Choice.LEGACY)
                .with(new RestartPolicy(
                        RestartPolicy.Mode.TEMPORARY,
                        true,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1,
                        Duration.ofSeconds(1),
                        Set.of())));
        Message lost = call(new Plain(), "odd", "{}").get(10, TimeUnit.SECONDS);
        assertTrue(lost.error().contains("says that it is broken: the clock has stopped"), lost.error());
        awaitPhase(Phase.EXITED);
        awaitNoThreads();
    }

    @Test
    void aStartThatThrowsIsTriedAgain() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            public void start(Connection connection) throws Exception {
                super.start(connection);
                if (told.size() < 4) {
                    throw new IOException("no clock");
                }
            }
        });
        Snapshot failed = start(spec(Spoken.Choice.LEGACY));
        assertEquals(Phase.BACKOFF, failed.phase());
        assertEquals(
                "bean \"bean\" of server \"srv\" threw in start: java.io.IOException: no clock",
                failed.failure().problem().orElseThrow().message());
        awaitPhase(Phase.RUNNING);
        assertEquals(List.of("start", "stop", "destroyed bean"), told.subList(0, 3));
    }

    @Test
    void aStartThatHangsIsInterruptedAtItsTimeout() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            public void start(Connection connection) throws Exception {
                over.await();
            }
        });
        Timeouts standard = Timeouts.DEFAULT;
        Snapshot failed = start(patient(
                new Timeouts(Duration.ofMillis(300), standard.request(), Duration.ofMillis(50), standard.stop())));
        assertEquals(
                Problem.STARTUP_TIMEOUT,
                failed.failure().problem().orElseThrow().code());
        await(() -> told.contains("destroyed bean"), told);
        servers.stop(ID, true).toCompletableFuture().get(10, TimeUnit.SECONDS);
        awaitNoThreads();
    }

    @Test
    void aStopThatHangsIsReportedAndHoldsUpNobodyElse() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            public void stop(Connection connection) {
                hangOn();
            }

            private void hangOn() {
                while (over.getCount() > 0) {
                    try {
                        over.await();
                    } catch (InterruptedException ignored) {
                        told.add("interrupted");
                    }
                }
            }
        });
        beans.all.put("other", Greeter::new);
        start(patient(new Timeouts(
                Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(50), Duration.ofMillis(50))));
        ServerSpec other = ServerSpec.of(new ServerId("other"), new Wire.Custom("other", Map.of()), "test");
        Snapshot stuck = servers.stop(ID, false).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(Phase.STOPPING, stuck.phase());
        assertTrue(stuck.failure().stuck());
        assertTrue(told.contains("interrupted"), told::toString);
        await(
                () -> servers.output(ID, 10).stream()
                        .anyMatch(line -> line.line().contains("still runs: at")
                                && line.line().contains("hangOn")),
                servers.output(ID, 10));

        servers.add(List.of(other));
        assertEquals(
                Phase.RUNNING,
                servers.start(other.id())
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .phase());

        over.countDown();
        awaitPhase(Phase.STOPPED);
    }

    @Test
    void callsThatHangAreInterruptedWhenTheServerStops() throws Exception {
        CountDownLatch called = new CountDownLatch(16);
        beans.all.put("bean", () -> new Odd() {
            @Override
            void odd(String message, Connection connection) throws Exception {
                called.countDown();
                over.await();
            }
        });
        start(spec(Spoken.Choice.LEGACY)
                .draft()
                .timeouts(new Timeouts(
                        Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(50), Duration.ofSeconds(5)))
                .quota(new Quota(0, 0, true))
                .start(new StartRules(Duration.ofSeconds(30), Duration.ofMillis(1), Dependencies.NONE))
                .spec());
        List<CompletableFuture<Message>> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(call(new Plain(), "odd", "{}"));
        }
        assertTrue(called.await(10, TimeUnit.SECONDS), () -> called + " " + calls);
        Snapshot stopped = servers.stop(ID, false).toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertEquals(Phase.STOPPED, stopped.phase());
        for (CompletableFuture<Message> call : calls) {
            assertFalse(call.get(10, TimeUnit.SECONDS).error().isEmpty());
        }
        awaitNoThreads();
    }

    @Test
    void aServerThatSaysItIsNotWellIsReplaced() throws Exception {
        beans.all.put("bean", () -> new Odd() {
            @Override
            public Optional<String> health(Connection connection) {
                return told.size() > 1 ? Optional.empty() : Optional.of("the clock is late");
            }
        });
        start(spec(Spoken.Choice.LEGACY)
                .draft()
                .health(often(HealthPolicy.Way.custom("")))
                .spec());
        await(() -> snapshot().generation() == 2 && snapshot().phase() == Phase.RUNNING, told);
        await(() -> snapshot().health() == Health.HEALTHY && snapshot().checks().count() > 1, told);
    }
}
