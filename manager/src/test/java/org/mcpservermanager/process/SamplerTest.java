package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.fixture.Launching;
import org.mcpservermanager.server.Usage;

/** What real processes use. */
@Timeout(60)
class SamplerTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path state;

    private Household household;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(ProcTable.isAvailable(), "needs /proc");
        household = new Household(state);
    }

    @AfterEach
    void close() throws IOException {
        household.close();
    }

    private Usage usage(Child child) {
        return household.launcher.read().getOrDefault(child, Usage.NONE);
    }

    @Test
    void countsTheWholeTreeOfEachChildAndNothingElse() throws IOException {
        Child one = household.sh("sleep TAG & sleep TAG & echo up; wait");
        Child two = household.sh("echo up; read -r end");
        Household.line(one);
        Household.line(two);

        Map<Child, Usage> usages = household.launcher.read();

        assertEquals(Set.of(one, two), usages.keySet());
        assertEquals(3, usages.get(one).processes());
        assertEquals(3, usages.get(one).threads());
        assertEquals(1, usages.get(two).processes());
        assertTrue(usages.get(one).memoryBytes() > usages.get(two).memoryBytes(), usages::toString);
        assertTrue(usages.get(two).memoryBytes() > 100_000, usages::toString);
        assertTrue(usages.get(two).at().isPresent());
        assertEquals(Usage.Source.PROC, usages.get(two).source());
        assertEquals(List.of(), usages.get(two).unmeasured());
    }

    @Test
    void followsAChildThatLeftTheGroupAndWasAdoptedByAnother() throws IOException {
        Child child = household.sh("(setsid sleep TAG >/dev/null 2>&1 &) ; echo up; read -r end");
        Household.line(child);

        Eventually.becomes(2, SOON, () -> usage(child).processes());
    }

    @Test
    void countsOpenFiles() throws IOException {
        Child child = household.sh("exec 3</dev/null 4</dev/null 5</dev/null; echo up; read -r end");
        Household.line(child);

        assertEquals(6, usage(child).openFiles(), "three of its own and the standard ones");
        assertEquals(0, usage(child).sockets());
    }

    @Test
    void countsSocketsAmongThem() throws IOException {
        Child child = household.launch(Launching.onThisClassPath(SocketHolder.class, household.tag));
        int before = Integer.parseInt(Household.line(child));

        assertEquals(before + 3, usage(child).sockets());
        assertTrue(usage(child).openFiles() >= before + 3);
    }

    /** Says how many sockets it had before it opened three more, and waits. */
    static final class SocketHolder {
        private SocketHolder() {}

        public static void main(String[] args) throws IOException {
            DatagramChannel.open().close(); // Java opens one more for itself, with the first
            int before = Descriptors.socketsIn(new File("/proc/self/fd"));
            List<DatagramChannel> open =
                    List.of(DatagramChannel.open(), DatagramChannel.open(), DatagramChannel.open());
            System.out.println(before);
            System.in.transferTo(OutputStream.nullOutputStream());
            for (DatagramChannel one : open) {
                one.close();
            }
        }
    }

    @Test
    @Fault(20)
    void countsTheDeadThatNobodyCollected() throws IOException {
        // They end after the exec: before it, the shell would collect them.
        Child child = household.launch(java.util.List.of(
                "sh", "-c", "sleep 1 & sleep 1 & echo up; exec sleep 99" + household.tag, household.tag));
        Household.line(child);

        Eventually.becomes(2, SOON, () -> usage(child).zombies());
        assertEquals(1, usage(child).processes());
    }

    @Test
    void measuresProcessorTimeAlsoOfChildrenThatCameAndWent() throws IOException {
        Child busy = household.sh("echo up; while :; do (i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done); done");
        Child idle = household.sh("echo up; read -r end");
        Household.line(busy);
        Household.line(idle);
        household.launcher.read();

        Eventually.becomes(true, SOON, () -> usage(busy).cpuTime().toMillis() >= 300);
        Eventually.becomes(true, SOON, () -> usage(busy).cpuPercent() > 5);
        assertTrue(usage(idle).cpuPercent() < 5);
    }

    @Test
    void seesMemoryGrow() throws IOException {
        Child child = household.sh("echo up; read -r go; x=1234567890123456; i=0;"
                + " while [ $i -lt 18 ]; do x=$x$x; i=$((i+1)); done; echo big; read -r end");
        Household.line(child);
        long before = usage(child).memoryBytes();

        child.stdin().write('\n');
        child.stdin().flush();
        Household.line(child);

        assertTrue(usage(child).memoryBytes() - before > 3_000_000, () -> before + " " + usage(child));
    }

    @Test
    void leavesOutWhatIsGone() throws IOException {
        Child child = household.sh("echo up; read -r end");
        Household.line(child);
        household.launcher.read();

        child.stop(Duration.ZERO, Duration.ofSeconds(1)).join();

        Eventually.becomes(Map.of(), SOON, () -> household.launcher.read());
    }
}
