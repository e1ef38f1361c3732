import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs commands and writes files for the contestants. */
final class Shell {
    /** Where children say that they live. */
    static volatile String fifo = "";

    private Shell() {}

    static String find(String... places) {
        return Stream.of(places)
                .flatMap(place -> place.contains("/")
                        ? Stream.of(Path.of(place))
                        : Stream.of(System.getenv("PATH").split(":")).map(dir -> Path.of(dir, place)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
    }

    static Process start(Path directory, Map<String, String> variables, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
                .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().put("BENCH_FIFO", fifo);
        builder.environment().putAll(variables);
        return builder.start();
    }

    static void run(Path directory, Map<String, String> variables, List<String> command) throws Exception {
        Process process = start(directory, variables, command);
        if (!process.waitFor(Round.LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " took longer than " + Round.LIMIT_SECONDS + " s");
        }
        int code = process.exitValue();
        if (code != 0) {
            throw new IllegalStateException(command.get(0) + " ended with " + code + ": see " + directory.resolve("log"));
        }
    }

    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    static void script(Path file, String text) throws IOException {
        write(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
