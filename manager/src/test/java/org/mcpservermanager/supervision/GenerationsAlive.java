package org.mcpservermanager.supervision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which copies of which servers live, by the marker in the environment of every process of the machine; no code of ours asked. */
final class GenerationsAlive {
    private record Found(long pid, String start, String server, long generation) {}

    private static final int VIOLATIONS_MAX = 10;
    private final Pattern marker;
    private final List<String> violations = new ArrayList<>(); // only on the watching thread until that has ended

    GenerationsAlive(String manager) {
        marker = Pattern.compile("MCP_MANAGER_TOKEN=" + Pattern.quote(manager) + ":([^:]*):([0-9]+):");
    }

    List<String> violations() {
        return violations;
    }

    boolean isOurs(ProcessHandle process) {
        return read(process.pid()).isPresent();
    }

    Map<String, Set<Long>> now() {
        return generations(all());
    }

    /** @param most copies of one server that may live together */
    void watch(long until, int most) {
        while (System.nanoTime() < until) {
            List<Found> all = all();
            generations(all).forEach((server, generations) -> {
                if (generations.size() > most) {
                    // What one look sees was not all there at one moment; what a second look sees still there was.
                    List<Found> still = all.stream()
                            .filter(found -> found.server().equals(server))
                            .filter(found ->
                                    read(found.pid()).filter(found::equals).isPresent())
                            .toList();
                    if (still.stream().map(Found::generation).distinct().count() > most
                            && violations.size() < VIOLATIONS_MAX) {
                        violations.add(still.toString());
                    }
                }
            });
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Map<String, Set<Long>> generations(List<Found> all) {
        Map<String, Set<Long>> alive = new TreeMap<>();
        all.forEach(found ->
                alive.computeIfAbsent(found.server(), id -> new TreeSet<>()).add(found.generation()));
        return alive;
    }

    private List<Found> all() {
        List<Found> all = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            processes.forEach(process ->
                    read(Long.parseLong(process.getFileName().toString())).ifPresent(all::add));
            return all;
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private Optional<Found> read(long pid) {
        try {
            Path process = Path.of("/proc", Long.toString(pid));
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).split(" ", -1);
            Matcher matcher = marker.matcher(Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1));
            boolean dead = fields[0].equals("Z") || fields[0].equals("X");
            return !dead && matcher.find()
                    ? Optional.of(new Found(pid, fields[19], matcher.group(1), Long.parseLong(matcher.group(2))))
                    : Optional.empty();
        } catch (IOException goneOrForeign) {
            return Optional.empty();
        }
    }
}
