package org.mcpservermanager.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.faults.Fault;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Exit;

/** What every level must do alike; those from which nothing escapes are skipped where the machine does not allow them. */
@Tag("process")
@EnabledOnOs(OS.LINUX)
@Tag("root")
@Timeout(60)
class ContainmentIT {
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final String EVIL = "env -i setsid sh -c 'setsid sleep TAG </dev/null >/dev/null 2>&1 & exit' TAG; ";
    private static final String LEAVE = "for place in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/cgroup.procs; do"
            + " { echo $$ >$place; } 2>/dev/null; done; ";

    @TempDir
    static Path state;

    private static final Map<String, Household> HOUSES = new TreeMap<>();

    @AfterAll
    static void close() throws IOException {
        for (Household house : HOUSES.values()) {
            house.close();
        }
        HOUSES.clear();
    }

    /** One for each level; trying a level out takes longer than a test. */
    private static Household house(String level) throws Exception {
        Household house = HOUSES.get(level);
        if (house == null) {
            house = new Household(state.resolve(level), Levels.named(level));
            HOUSES.put(level, house);
        }
        Levels.require(house);
        return house;
    }

    static Stream<Arguments> habits() {
        Map<String, String> scripts = new TreeMap<>(Map.of(
                "reads no input", "echo ready; exec sleep TAG",
                "ignores TERM", "trap '' TERM INT HUP; echo ready; while :; do sleep TAG; done",
                "forks", "sleep TAG & sleep TAG & echo ready; wait",
                "starts sessions", "setsid sleep TAG & setsid sleep TAG & echo ready; exec sleep TAG",
                "daemonizes", "setsid sh -c 'sleep TAG </dev/null >/dev/null 2>&1 &'; echo ready; exec sleep TAG",
                "respawns", "trap 'setsid sleep TAG & exit 0' TERM; echo ready; while :; do sleep 0.05; done",
                "is halted", "echo ready; kill -s STOP $$; exec sleep TAG",
                "leaves zombies", "sh -c : & sh -c : & echo ready; exec sleep TAG"));
        Map<String, String> tight = new TreeMap<>(scripts);
        tight.put("hides", EVIL + "echo ready; exec sleep TAG");
        return Stream.of("none", "group", "pidns", "cgroup")
                .flatMap(level -> (Levels.TIGHT.contains(level) ? tight : scripts)
                        .entrySet().stream().map(habit -> Arguments.of(level, habit.getKey(), habit.getValue())));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("habits")
    @Fault({13, 15, 16, 17})
    void nothingIsLeftOfAServerThat(String level, String habit, String script) throws Exception {
        Household house = house(level);
        Child child = house.sh(script);
        assertEquals("ready", Household.line(child));

        assertTrue(child.stop(SHORT, SHORT).get(10, TimeUnit.SECONDS), habit);

        assertEquals(List.of(), house.alive());
    }

    static Stream<Arguments> ends() {
        return Stream.of("pidns", "cgroup")
                .flatMap(level -> Stream.of(
                        Arguments.of(level, "leaves kids that hold its pipes", "sleep TAG & setsid sleep TAG & exit 3"),
                        Arguments.of(level, "leaves kids that ignore TERM", "trap '' TERM; sleep TAG & exit 3"),
                        Arguments.of(level, "hides", EVIL + "exit 3")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("ends")
    void nothingIsLeftWhenALeaderEndsByItselfThat(String level, String habit, String script) throws Exception {
        Household house = house(level);
        Child child = house.sh(script);

        assertEquals(new Exit(3, 0), child.exited().get(10, TimeUnit.SECONDS), habit);
        child.treeEmpty().get(10, TimeUnit.SECONDS);

        assertEquals(List.of(), house.alive());
        assertEquals(-1, child.stdout().read());
    }

    /** What the tight levels are for; and a proof that the tests of them could fail. */
    @Test
    void aServerThatHidesEscapesFromAGroup() throws Exception {
        Household house = house("group");
        Child child = house.sh(EVIL + "exit 3");
        child.treeEmpty().get(10, TimeUnit.SECONDS);

        List<ProcessHandle> escaped = hidden(house);
        escaped.forEach(ProcessHandle::destroyForcibly);

        assertEquals(1, escaped.size());
        Eventually.becomes(List.of(), Duration.ofSeconds(5), house::alive);
    }

    private static List<ProcessHandle> hidden(Household house) {
        return house.alive().stream()
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line.substring(0, line.indexOf(' ')))).stream())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pidns", "cgroup"})
    void nothingIsLeftWhenTheProcessThatJavaKnowsIsKilled(String level) throws Exception {
        Household house = house(level);
        Child child = house.sh(EVIL + "setsid sleep TAG & echo ready; exec sleep TAG");
        assertEquals("ready", Household.line(child));
        areSleeping(3, house);

        ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();

        assertEquals(new Exit(-1, 9), child.exited().get(10, TimeUnit.SECONDS));
        child.treeEmpty().get(10, TimeUnit.SECONDS);
        assertEquals(List.of(), house.alive());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "group", "pidns", "cgroup"})
    void showsTheLevelInForceAndTellsHowTheServerEnded(String level) throws Exception {
        Household house = house(level);

        assertEquals(
                level.equals("none") ? "descendants" : level, house.sh("exit 0").containment());
        assertEquals(new Exit(42, 0), house.sh("exit 42").exited().get(5, TimeUnit.SECONDS));
        assertEquals(new Exit(-1, 11), house.sh("kill -s SEGV $$").exited().get(5, TimeUnit.SECONDS));
    }

    @Test
    void endsWhoLeftTheControlGroupByThePowerOfRoot() throws Exception {
        Household house = house("cgroup");
        Child child = house.sh("setsid sh -c '" + LEAVE + "echo ready; exec sleep TAG' & wait");
        assertEquals("ready", Household.line(child));

        ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
        child.treeEmpty().get(10, TimeUnit.SECONDS);

        Eventually.becomes(List.of(), Duration.ofSeconds(5), house::alive);
    }

    @Test
    void namesWhoLeftTheControlGroupAndHid() throws Exception {
        Household house = house("cgroup");
        String hide = EVIL.replace("setsid sleep", LEAVE + "setsid sleep");
        Child child = house.sh("read -r go; " + hide + "echo ready; exec sleep TAG");
        child.stdin().write('\n'); // not before it bears the mark by which it is known again
        child.stdin().flush();
        assertEquals("ready", Household.line(child));
        areSleeping(2, house);

        ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
        child.treeEmpty().get(10, TimeUnit.SECONDS);

        List<Long> named = child.escaped().get(10, TimeUnit.SECONDS);
        List<ProcessHandle> hidden = hidden(house);
        hidden.forEach(ProcessHandle::destroyForcibly);
        assertEquals(hidden.stream().map(ProcessHandle::pid).toList(), named);
        assertEquals(1, hidden.size());
        Eventually.becomes(List.of(), Duration.ofSeconds(5), house::alive);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "group", "pidns", "cgroup"})
    void asksTheServerItselfToLeave(String level) throws Exception {
        Household house = house(level);
        Child child = house.sh("trap 'sleep 0.2; exit 7' TERM; echo ready; while :; do sleep 0.02; done; : TAG");
        assertEquals("ready", Household.line(child));

        assertTrue(child.stop(Duration.ZERO, LONG).get(10, TimeUnit.SECONDS));

        assertEquals(new Exit(7, 0), child.exited().get());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "group", "pidns", "cgroup"})
    void theEndOfInputAndOfOutputPassThrough(String level) throws Exception {
        Household house = house(level);
        Child child = house.sh("echo ready; exec >&-; read -r line; echo \"$line\" >&2; read -r end; exit 5; : TAG");

        assertEquals("ready\n", new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8));
        child.stdin().write("hello\n".getBytes(StandardCharsets.UTF_8));
        child.stdin().close();

        assertEquals(new Exit(5, 0), child.exited().get(10, TimeUnit.SECONDS));
        assertEquals("hello\n", new String(child.stderr().readAllBytes(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "group", "pidns", "cgroup"})
    void passesArgumentsVariablesSignalsAndNoDescriptors(String level) throws Exception {
        Household house = house(level);
        Map<String, String> declared = Map.of("KEY", "a=b\nc", "n", "1", "LONG", "x".repeat(100_000));
        List<String> odd = List.of("$(id)", "; rm -rf x", "*", "a b", "", "'\"", "--");
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "ls /proc/self/fd | wc -l; grep SigIgn /proc/self/status | tail -c 2; printf '%s|' \"$@\"",
                "x"));
        command.addAll(odd);

        String environ = out(house.launch(List.of("cat", "/proc/self/environ"), declared));
        String seen = out(house.launch(command, declared));

        Map<String, String> variables = new TreeMap<>();
        for (String entry : environ.split("\0")) {
            variables.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
        }
        variables.remove(Marker.VARIABLE);
        assertEquals(BaseEnvironment.ofThisJvm().with(declared), variables);
        List<String> lines = seen.lines().toList();
        assertEquals("4", lines.get(0), "3 descriptors and the one that ls opens");
        int ignored = Integer.parseInt(lines.get(1), 16);
        int ours = Integer.parseInt(signalsIgnoredByThisJvm(), 16);
        assertEquals(ignored, ignored & ours, "of HUP, INT and QUIT only those are ignored that we ignore");
        assertEquals(String.join("|", odd) + "|", lines.get(2));
        assertEquals(3, lines.size(), seen);
    }

    /** The last digit of the mask: a JVM under nohup ignores HUP, and in the background of a script INT too. */
    private static String signalsIgnoredByThisJvm() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            String mask =
                    lines.filter(line -> line.startsWith("SigIgn:")).findFirst().orElseThrow();
            return mask.substring(mask.length() - 1);
        }
    }

    @Test
    @Fault(19)
    void aControlGroupKeepsItsLimits() throws Exception {
        Containment limited = new Containment.Cgroup(new Containment.Ceiling(16 << 20, 5));
        Household house = house("cgroup");
        Child child;
        try {
            child = house.start(
                    limited,
                    "i=0; while [ $i -lt 12 ]; do sleep " + house.tag
                            + " & i=$((i+1)); done 2>/dev/null; echo never; : " + house.tag);
        } catch (LaunchRefused refused) {
            Assumptions.abort(refused.getMessage());
            return;
        }

        assertEquals(2, child.exited().get(10, TimeUnit.SECONDS).code(), "the shell cannot fork any more");
        assertTrue(child.limitHit().orElse("").contains("than the 5 processes"), () -> "limit: " + child.limitHit());
        child.treeEmpty().get(10, TimeUnit.SECONDS);
        assertEquals("", out(child));

        Child hungry = house.start(limited, "tail /dev/zero; echo \"ended $?\"; : " + house.tag);
        assertEquals("ended 137", Household.line(hungry), "the system took the process, not the machine");
    }

    @Test
    @Fault(19)
    void whatForksWithoutEndIsHeldByAControlGroupThatNobodyAskedFor() throws Exception {
        Household house = house("cgroup");
        Child child = house.launcher.launch(house.next(
                        List.of(
                                "sh",
                                "-c",
                                "i=0; while [ $i -lt 40 ]; do sleep " + house.tag
                                        + " & i=$((i+1)); done 2>/dev/null; echo never; : " + house.tag),
                        Map.of())
                .in(Containment.AUTO)
                .atMost(20));
        assertEquals("cgroup", child.containment());
        Assumptions.assumeTrue(child.pidsMax() > 0, "the controller \"pids\" is not handed down to us");

        assertEquals(20, child.pidsMax());
        assertEquals(2, child.exited().get(10, TimeUnit.SECONDS).code(), "the shell cannot fork any more");
        child.treeEmpty().get(10, TimeUnit.SECONDS);
        assertEquals("", out(child));
    }

    private static String out(Child child) throws IOException {
        return new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void areSleeping(long count, Household house) {
        Eventually.becomes(count, Duration.ofSeconds(5), () -> house.alive().stream()
                .filter(line -> line.matches("\\d+ \\S*sleep \\d+"))
                .count());
    }
}
