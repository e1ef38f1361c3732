package org.mcpservermanager.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Something in the command lines of a test's processes by which they are found without the manager's help. */
final class Tagged {
    /** A number, so that sleep takes it. */
    private final String tag = "77" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 1_000_000_000_000L);

    /**
     * An MCP server that shakes hands and then ignores everything: the end of its input, and the signals that can be ignored. It
     * has a child, and a grandchild in a session of its own, that do the same.
     */
    List<String> nasty() {
        return List.of(
                "sh",
                "-c",
                "trap '' TERM HUP INT; sleep " + tag + " & setsid sh -c 'sleep " + tag + " & sleep " + tag
                        + "' & read line; echo '{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\":\"2025-11-25\","
                        + "\"capabilities\":{},\"serverInfo\":{\"name\":\"nasty\",\"version\":\"1\"}}}';"
                        + " while :; do sleep 1; done",
                tag);
    }

    /** The server with a child that outlives it unless somebody ends it. */
    List<String> withChild(List<String> command) {
        List<String> all = new java.util.ArrayList<>(
                List.of("sh", "-c", "sleep " + tag + " </dev/null >/dev/null 2>&1 & exec \"$@\"", tag));
        all.addAll(command);
        return all;
    }

    /** Their pids and command lines. */
    List<String> alive() {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(path -> path.getFileName().toString().matches("\\d+"))
                    .map(path -> path.getFileName() + " " + read(path.resolve("cmdline")))
                    .filter(line -> line.contains(tag))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).replace('\0', ' ');
        } catch (IOException gone) {
            return "";
        }
    }
}
