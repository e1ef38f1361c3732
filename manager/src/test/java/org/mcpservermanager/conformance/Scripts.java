package org.mcpservermanager.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** The scripts of the folder conformance/, in a copy under target/ that has their packages. */
final class Scripts {
    private static final int NODE_MIN = 20;
    private static final Duration INSTALL_MAX = Duration.ofMinutes(5);
    private static final List<String> COPIED = List.of(
            "package.json", "package-lock.json", ".npmrc", "cells.mjs", "client.mjs", "lib", "fixtures", "clients");

    private final Path home;

    private Scripts(Path home) {
        this.home = home;
    }

    /** Without Node or npm the calling test is skipped, or fails with -Dnode.required=true. */
    static Scripts ready() {
        Path source = source();
        Scripts scripts = new Scripts(base().resolve("target").resolve("conformance"));
        scripts.mustHaveNode();
        COPIED.forEach(name -> copy(source.resolve(name), scripts.home.resolve(name)));
        scripts.install();
        return scripts;
    }

    /** The main file of an installed package. */
    Path installed(String path) {
        Path file = home.resolve("node_modules").resolve(path);
        if (!Files.isRegularFile(file)) {
            fail(file + " is missing (expected: a package of conformance/package-lock.json)");
        }
        return file;
    }

    /** Ends with a failure that shows what the script printed, unless its exit code is 0. */
    String mustPass(Duration patience, Map<String, String> environment, String... script) {
        return mustEndWith(0, patience, environment, script);
    }

    /** Ends with a failure that shows what the script printed, unless it ends with this exit code. */
    String mustEndWith(int code, Duration patience, Map<String, String> environment, String... script) {
        Outcome outcome = run(patience, environment, concat("node", script));
        if (outcome.code() != code) {
            String shown = outcome.text()
                    .lines()
                    .filter(line -> !line.startsWith("ok "))
                    .collect(Collectors.joining("\n"));
            fail(String.join(" ", script) + " ended with " + outcome.code() + " (expected: " + code + "):\n" + shown);
        }
        return outcome.text();
    }

    /** A fixture server of that era, on stdio. */
    List<String> fixture(String era) {
        return List.of("node", home.resolve("fixtures").resolve(era + ".mjs").toString(), "--stdio");
    }

    private void mustHaveNode() {
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Outcome node = attempt("node", "--version");
        Matcher version = Pattern.compile("v(\\d+)").matcher(node.text());
        if (node.code() != 0 || !version.find() || Integer.parseInt(version.group(1)) < NODE_MIN) {
            unable("node --version: " + node.text().strip() + " (expected: v" + NODE_MIN + " or newer)");
        }
        Outcome npm = attempt("npm", "--version");
        if (npm.code() != 0) {
            unable("npm --version: " + npm.text().strip() + " (expected: a version)");
        }
    }

    private void install() {
        Path done = home.resolve("installed-lock.json");
        Path lock = home.resolve("package-lock.json");
        try {
            if (Files.exists(done) && Files.mismatch(done, lock) < 0) {
                return;
            }
            Outcome npm = run(INSTALL_MAX, Map.of(), List.of("npm", "ci"));
            if (npm.code() != 0) {
                unable("npm ci ended with " + npm.code() + ":\n" + npm.text());
            }
            Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unable(String why) {
        String message = "Node " + NODE_MIN + " with npm is needed. " + why;
        if (Boolean.getBoolean("node.required")) {
            fail(message + "\n-Dnode.required=true forbids to skip this");
        }
        Assumptions.abort(message + "\n-Dnode.required=true makes this a failure");
    }

    private Outcome attempt(String... command) {
        try {
            return run(Duration.ofSeconds(30), Map.of(), List.of(command));
        } catch (UncheckedIOException e) {
            return new Outcome(-1, e.getMessage());
        }
    }

    private Outcome run(Duration patience, Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile(home, "output-", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output);
            Files.delete(output);
            return ended
                    ? new Outcome(process.exitValue(), text)
                    : new Outcome(-1, text + "\nstopped after " + patience);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }

    static List<String> concat(String first, String... rest) {
        return Stream.concat(Stream.of(first), Stream.of(rest)).toList();
    }

    private static Path base() {
        String base = System.getProperty("basedir");
        return base == null ? Path.of("").toAbsolutePath() : Path.of(base);
    }

    private static Path source() {
        Path source = base().resolveSibling("conformance");
        if (!Files.isRegularFile(source.resolve("package-lock.json"))) {
            fail(source + " has no package-lock.json (expected: the folder conformance/ beside the module)");
        }
        return source;
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Outcome(int code, String text) {}
}
