package org.mcpservermanager.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks programs up as the child would: on its own PATH, from its own directory. */
final class CommandPath {
    private final List<String> directories;
    private final List<String> endings;
    private final Path base;

    CommandPath(Map<String, String> environment, Path base) {
        this.base = base.toAbsolutePath();
        String path = isWindows()
                ? anyCase(environment, "PATH", "")
                : environment.getOrDefault("PATH", BaseEnvironment.PATH_DEFAULT);
        directories = Arrays.asList(path.split(File.pathSeparator, -1));
        endings = isWindows()
                ? Arrays.asList((";" + anyCase(environment, "PATHEXT", ".COM;.EXE;.BAT;.CMD")).split(";", -1))
                : List.of("");
    }

    /** A tool of this system, in the places where systems keep them; whatever PATH says. */
    static Optional<String> ofSystem(String name) {
        return Arrays.stream(BaseEnvironment.PATH_DEFAULT.split(":"))
                .map(place -> Path.of(place, name))
                .filter(CommandPath::isProgram)
                .map(Path::toString)
                .findFirst();
    }

    static boolean isWindows() {
        return BaseEnvironment.isWindows();
    }

    static boolean isPath(String command) {
        return command.contains("/") || (isWindows() && (command.contains("\\") || command.contains(":")));
    }

    static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /** Where the command may be, best first. */
    List<Path> candidates(String command) {
        List<Path> found = new ArrayList<>();
        for (String directory : isPath(command) ? List.of("") : directories) {
            for (String ending : endings) {
                try {
                    found.add(base.resolve(directory).resolve(command + ending));
                } catch (InvalidPathException notAPath) {
                    // Nothing can be there.
                }
            }
        }
        return found;
    }

    /** For people. */
    String places() {
        return String.join(
                ", ",
                directories.stream()
                        .map(place -> place.isEmpty() ? base.toString() : place)
                        .toList());
    }

    private static String anyCase(Map<String, String> environment, String name, String otherwise) {
        return environment.entrySet().stream()
                .filter(variable -> variable.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }
}
