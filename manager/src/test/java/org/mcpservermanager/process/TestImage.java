package org.mcpservermanager.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.mcpservermanager.server.Containment;

/** An image that holds nothing but busybox, made on this machine. */
final class TestImage {
    static final String NAME = "localhost/mcp-manager-test:1";
    static final Containment.Container CONTAINER = new Containment.Container(
            "podman",
            NAME,
            Containment.Pull.NEVER,
            List.of(),
            "none",
            "",
            false,
            List.of(),
            Containment.Ceiling.NONE,
            "",
            List.of());
    private static final List<String> PLACES = List.of("/bin/busybox", "/usr/bin/busybox");
    private static final List<String> PROGRAMS =
            List.of("sh", "sleep", "cat", "env", "setsid", "id", "kill", "true", "ls", "tr", "grep");

    private TestImage() {}

    /** Skips the test, with the reason, where containers cannot be run. */
    static ContainerCli require(Path directory) throws Exception {
        Path podman = Path.of("/usr/bin/podman");
        Assumptions.assumeTrue(CommandPath.isProgram(podman), "podman is not installed: apt-get install podman runc");
        String busybox = PLACES.stream()
                .filter(place -> CommandPath.isProgram(Path.of(place)))
                .findFirst()
                .orElse("");
        Assumptions.assumeFalse(busybox.isEmpty(), "busybox is not installed: apt-get install busybox-static");
        ContainerCli cli = new ContainerCli(podman.toString());
        if (!cli.run(Duration.ofSeconds(30), List.of("image", "inspect", NAME)).isDone()) {
            make(cli, Path.of(busybox), directory);
        }
        ContainerCli.Result trial = cli.run(
                Duration.ofSeconds(60), List.of("run", "--rm", "--init", "--network", "none", NAME, "/bin/true"));
        Assumptions.assumeTrue(trial.isDone(), () -> "podman cannot run a container here: " + trial);
        return cli;
    }

    private static void make(ContainerCli cli, Path busybox, Path directory) throws Exception {
        Path root = directory.resolve("image");
        for (String place : List.of("bin", "proc", "dev", "tmp", "etc", "sys", "run")) {
            Files.createDirectories(root.resolve(place));
        }
        Files.copy(busybox, root.resolve("bin/busybox"));
        for (String program : PROGRAMS) {
            Files.createSymbolicLink(root.resolve("bin").resolve(program), Path.of("busybox"));
        }
        Path tar = directory.resolve("image.tar");
        int code = new ProcessBuilder("tar", "-C", root.toString(), "-cf", tar.toString(), ".")
                .inheritIO()
                .start()
                .waitFor();
        ContainerCli.Result imported =
                cli.run(Duration.ofSeconds(60), List.of("import", "--quiet", tar.toString(), NAME));
        Assumptions.assumeTrue(code == 0 && imported.isDone(), () -> "podman cannot make an image here: " + imported);
    }
}
