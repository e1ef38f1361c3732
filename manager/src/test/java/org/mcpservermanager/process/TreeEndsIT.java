package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.server.Exit;

@Tag("process")
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class TreeEndsIT {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path state;

    private Household house;

    @BeforeEach
    void open() throws IOException {
        house = new Household(state);
    }

    @AfterEach
    void close() throws IOException {
        house.close();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            reads no input                  | echo ready; exec sleep TAG
            ends at the end of input        | echo ready; read -r nothing; exit 0
            ignores TERM, INT and HUP       | trap '' TERM INT HUP; echo ready; while :; do sleep TAG; done
            has kids                        | sleep TAG & sleep TAG & sleep TAG & echo ready; wait
            has kids that ignore TERM       | trap '' TERM; sleep TAG & sleep TAG & trap - TERM; echo ready; wait
            has kids in own sessions        | setsid sleep TAG & setsid sleep TAG & echo ready; exec sleep TAG
            has kids of kids                | sh -c 'sh -c "sleep TAG; :" & sleep TAG; :' & echo ready; exec sleep TAG
            has kids without environment    | env -i setsid sleep TAG & echo ready; exec sleep TAG
            leaves its kids at TERM         | trap 'exit 0' TERM; sleep TAG & echo ready; while :; do sleep 0.05; done
            respawns in an own session      | trap 'setsid sleep TAG & exit 0' TERM; echo ready; while :; do sleep 0.05; done
            is halted                       | echo ready; kill -s STOP $$; exec sleep TAG
            has a halted kid                | sh -c 'kill -s STOP $$; sleep TAG' & echo ready; exec sleep TAG
            floods both outputs             | echo ready; exec yes TAG 1>&2
            leaves zombies                  | sh -c : & sh -c : & echo ready; exec sleep TAG
            """)
    void leavesNothingAfterStopOfAServerThat(String habit, String script) throws Exception {
        Child child = house.sh(script);
        assertEquals("ready", Household.line(child));

        boolean emptied = child.stop(SHORT, SHORT).get(10, TimeUnit.SECONDS);

        assertTrue(emptied, habit);
        assertTrue(child.exited().isDone(), "the exit is told before the end of the tree");
        assertEquals(List.of(), house.alive());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
            leaves kids holding its pipes             | sleep TAG & sleep TAG & exit 3
            leaves kids that ignore TERM              | trap '' TERM; sleep TAG & sleep TAG & exit 3
            leaves a halted kid                       | sh -c 'kill -s STOP $$; sleep TAG' & sleep 0.1; exit 3
            leaves kids without environment           | env -i sleep TAG & sleep 0.05; exit 3
            leaves kids in sessions of their own      | setsid sleep TAG & exit 3
            turns into a daemon                       | setsid sh -c 'sleep TAG </dev/null >/dev/null 2>&1 &'; exit 3
            """)
    void endsTheRestWhenALeaderEndsByItselfThat(String habit, String script) throws Exception {
        Child child = house.sh(script);

        Exit exit = child.exited().get(10, TimeUnit.SECONDS);
        child.treeEmpty().get(10, TimeUnit.SECONDS);

        assertEquals(new Exit(3, 0), exit, habit);
        assertEquals(List.of(), house.alive());
        assertEquals(-1, child.stdout().read(), "no reader hangs on a pipe that a grandchild holds");
        assertTrue(child.stop(LONG, LONG).get(1, TimeUnit.SECONDS), "a stop finds nothing to do");
    }

    /** A look that meets a process between two programs sees no marker; one round in eighty did. */
    @Test
    void noDaemonEscapesInTheMomentItChangesItsProgram() throws Exception {
        for (int round = 0; round < 100; round++) {
            house.sh("setsid sh -c 'sleep TAG </dev/null >/dev/null 2>&1 &'; exit 3")
                    .treeEmpty()
                    .get(10, TimeUnit.SECONDS);
        }

        assertEquals(List.of(), house.alive());
    }

    @Test
    void killsKidsWhoseLeaderIsKilled() throws Exception {
        Child child = house.sh("sleep TAG & setsid sleep TAG & echo ready; wait");
        assertEquals("ready", Household.line(child));

        ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();

        assertEquals(new Exit(-1, 9), child.exited().get(10, TimeUnit.SECONDS));
        child.treeEmpty().get(10, TimeUnit.SECONDS);
        assertEquals(List.of(), house.alive());
    }

    @Test
    void waitsForAServerThatNeedsTimeAfterTerm() throws Exception {
        Child child = house.sh("trap 'sleep 0.3; exit 7' TERM; echo ready; while :; do sleep 0.02; done; : TAG");
        assertEquals("ready", Household.line(child));

        assertTrue(child.stop(Duration.ZERO, LONG).get(10, TimeUnit.SECONDS));

        assertEquals(new Exit(7, 0), child.exited().get());
    }

    @Test
    void letsAServerLeaveAtTheEndOfItsInputWithoutASignal() throws Exception {
        Child child = house.sh("trap 'exit 9' TERM; echo ready; read -r nothing; exit 5; : TAG");
        assertEquals("ready", Household.line(child));

        assertTrue(child.stop(LONG, LONG).get(10, TimeUnit.SECONDS));

        assertEquals(new Exit(5, 0), child.exited().get());
    }

    @Test
    void wakesAHaltedServerSoThatItCanLeaveInOrder() throws Exception {
        Child child = house.sh("trap 'exit 7' TERM; echo ready; kill -s STOP $$; while :; do sleep 0.02; done; : TAG");
        assertEquals("ready", Household.line(child));
        Eventually.becomes(
                true,
                Duration.ofSeconds(5),
                () -> new ProcTable().look(child.pid()).orElseThrow().stopped());

        assertTrue(child.stop(Duration.ZERO, LONG).get(10, TimeUnit.SECONDS));

        assertEquals(new Exit(7, 0), child.exited().get());
    }

    @Test
    void shortensARunningStop() throws Exception {
        Child child = house.sh("trap '' TERM; echo ready; while :; do sleep TAG; done");
        assertEquals("ready", Household.line(child));
        var first = child.stop(LONG, LONG);

        var second = child.stop(Duration.ZERO, Duration.ZERO);

        assertEquals(first, second);
        assertTrue(second.get(10, TimeUnit.SECONDS));
        assertEquals(new Exit(-1, 9), child.exited().get());
    }

    @Test
    void stopsAServerWhoseStdinIsFullWhileAWriterHangs() throws Exception {
        Child child = house.sh("echo ready; exec sleep TAG");
        assertEquals("ready", Household.line(child));
        Thread writer = new Thread(() -> {
            try {
                while (true) {
                    child.stdin().write(new byte[65536]);
                }
            } catch (IOException closed) {
                // What the test waits for.
            }
        });
        writer.start();
        Eventually.becomes(true, Duration.ofSeconds(5), () -> java.util.Arrays.stream(writer.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("writeBytes")));

        assertTrue(child.stop(SHORT, SHORT).get(10, TimeUnit.SECONDS));

        writer.join(5000);
        assertEquals(Thread.State.TERMINATED, writer.getState());
    }
}
