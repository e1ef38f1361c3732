package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.server.Text;

/** A program that runs containers, such as docker or podman, called for short orders. */
record ContainerCli(String program) {
    /** What such programs read to find their engine; none of it comes from a server's configuration. */
    private static final Set<String> OF_ENGINE = Set.of(
            "DOCKER_HOST",
            "DOCKER_CONTEXT",
            "DOCKER_CONFIG",
            "DOCKER_CERT_PATH",
            "DOCKER_TLS_VERIFY",
            "DOCKER_API_VERSION",
            "CONTAINER_HOST",
            "CONTAINER_CONNECTION",
            "CONTAINER_SSHKEY",
            "CONTAINERS_CONF",
            "CONTAINERS_STORAGE_CONF",
            "CONTAINERS_REGISTRIES_CONF",
            "REGISTRY_AUTH_FILE",
            "XDG_RUNTIME_DIR",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "DBUS_SESSION_BUS_ADDRESS",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY");

    private static final int OUTPUT_MAX = 64 << 10;

    /** What an order came to; {@code error} is one line. */
    record Result(int code, String output, String error) {
        boolean isDone() {
            return code == 0;
        }

        boolean isUnreachable() {
            String text = error.toLowerCase(Locale.ROOT);
            return text.contains("cannot connect")
                    || text.contains("unable to connect")
                    || text.contains("connection refused")
                    || text.contains("daemon running");
        }

        boolean isForbidden() {
            return error.toLowerCase(Locale.ROOT).contains("permission denied");
        }

        boolean isNoSuchUser() {
            return error.toLowerCase(Locale.ROOT).matches(".*unable to find (user|group).*");
        }

        boolean isNoSuchThing() {
            String text = error.toLowerCase(Locale.ROOT);
            return text.matches(".*(no such (container|image|object)|image not known|no container with).*");
        }
    }

    static boolean isOfEngine(String variable) {
        return OF_ENGINE.contains(variable) || variable.startsWith("LD_");
    }

    static Map<String, String> environment() {
        Map<String, String> environment =
                new TreeMap<>(BaseEnvironment.ofThisJvm().with(Map.of()));
        System.getenv().forEach((name, value) -> {
            if (OF_ENGINE.contains(name)) {
                environment.put(name, value);
            }
        });
        return environment;
    }

    /** Its output goes through files: a daemon that the program leaves behind would hold a pipe open. */
    Result run(Duration limit, List<String> arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("mcp-container", ".out");
        Path err = Files.createTempFile("mcp-container", ".err");
        try {
            List<String> command = new ArrayList<>(List.of(program));
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment());
            Process process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Result(-1, "", "no answer within " + limit.toSeconds() + " s");
            }
            return new Result(
                    process.exitValue(), head(out), Text.oneLine(head(err).strip(), 400));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private static String head(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(OUTPUT_MAX), StandardCharsets.UTF_8);
        }
    }
}
