package org.mcpservermanager.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wire;

class ContainmentReaderTest {
    @ParameterizedTest
    @CsvSource({"auto,AUTO", "None,NONE", "group,GROUP", "PIDNS,PIDNS"})
    void readsALevel(String word, Containment.Level level) {
        assertEquals(
                level,
                spec("\"command\":\"c\",\"containment\":\"" + word + "\"").containment());
        assertEquals(Containment.AUTO, spec("\"command\":\"c\"").containment());
    }

    @Test
    void readsLimitsOfAControlGroup() {
        assertEquals(
                Containment.Cgroup.UNLIMITED,
                spec("\"command\":\"c\",\"containment\":\"cgroup\"").containment());
        assertEquals(
                new Containment.Cgroup(new Containment.Ceiling(512L << 20, 64)),
                spec("\"command\":\"c\",\"cgroup\":{\"memory\":\"512m\",\"pids\":64}")
                        .containment());
    }

    @Test
    void readsAContainerAndGivesItTimeToBeFetched() {
        ServerSpec spec =
                spec("\"args\":[\"-v\"],\"cwd\":\"/work\",\"container\":{\"image\":\"h:5000/a\",\"tag\":\"1.2\","
                        + "\"runtime\":\"docker\",\"pull\":\"always\",\"mounts\":[\"/a:/b:ro\",\"v:/c\"],\"network\":\"none\","
                        + "\"user\":\"1000\",\"read_only\":true,\"cap_drop\":[\"all\"],\"memory\":\"1g\",\"pids\":9,\"cpus\":0.5,"
                        + "\"options\":[\"--gpus\",\"all\"]}");

        assertEquals(
                new Containment.Container(
                        "docker",
                        "h:5000/a:1.2",
                        Containment.Pull.ALWAYS,
                        List.of(new Containment.Mount("/a", "/b", true), new Containment.Mount("v", "/c", false)),
                        "none",
                        "1000",
                        true,
                        List.of("all"),
                        new Containment.Ceiling(1L << 30, 9),
                        "0.5",
                        List.of("--gpus", "all")),
                spec.containment());
        assertEquals("", ((Wire.Stdio) spec.wire()).command());
        assertEquals(List.of("-v"), ((Wire.Stdio) spec.wire()).args());
        assertEquals(Duration.ofSeconds(120), spec.timeouts().startup());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
            "containment":"grup"                                        | containment:       | Did you mean "group"?
            "containment":"container"                                   | container: missing | Add "container"
            "container":{}                                              | container.image    | Name the image
            "container":{"image":"--privileged"}                        | container.image    | Correct
            "container":{"image":"a:1","tag":"2"}                       | container.tag      | Keep one
            "container":{"image":"a","mounts":["/a:b"]}                 | container.mounts   | Correct
            "container":{"image":"a","mounts":["/a,type=x:/b"]}         | container.mounts   | Correct
            "container":{"image":"a","options":["--name=x"]}            | container.options  | Remove it
            "container":{"image":"a","options":["-it"]}                 | container.options  | Remove it
            "container":{"image":"a","cpus":"many"}                     | container.cpus     | Correct
            "container":{"image":"a","read_only":"yes"}                 | container.read_only | Correct
            "cgroup":{"memory":"4t"}                                    | cgroup.memory      | Correct
            "cgroup":{"memory":1}                                       | cgroup.memory      | Correct
            "cgroup":{"pids":0}                                         | cgroup.pids        | Correct
            "cgroup":7                                                  | cgroup: a value    | Correct
            """)
    void refuses(String members, String where, String remedy) {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\"," + members + "}]");

        assertEquals(1, loaded.problems().size(), () -> "" + loaded.problems());
        ConfigProblem problem = loaded.problems().get(0);
        assertTrue(problem.isError());
        assertTrue(
                problem.problem().message().contains(where), problem.problem().message());
        assertTrue(
                problem.problem().remedy().startsWith(remedy), problem.problem().remedy());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
            "containment":"group","container":{"image":"a"} | container: has no effect with containment "group"
            "container":{"image":"a"},"cgroup":{"pids":1}   | cgroup: has no effect with containment "container"
            "container":{"image":"a","imgae":"b"}           | container.imgae: unknown key
            """)
    void warnsOfWhatHasNoEffect(String members, String expected) {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\",\"command\":\"c\"," + members + "}]");

        assertEquals(1, loaded.problems().size(), () -> "" + loaded.problems());
        ConfigProblem problem = loaded.problems().get(0);
        assertTrue(!problem.isError() && problem.problem().message().contains(expected), problem.toString());
    }

    private static ServerSpec spec(String members) {
        Loaded loaded = ConfigReaderTest.read("[{\"id\":\"a\"," + members + "}]");
        assertEquals(List.of(), loaded.problems());
        return loaded.specs().get(0);
    }
}
