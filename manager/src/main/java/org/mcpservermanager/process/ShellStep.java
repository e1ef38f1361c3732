package org.mcpservermanager.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Text;

/**
 * A shell between us and the server, which is to leave no trace. Shells export variables of their own, and some drop variables
 * whose names they could not use.
 */
final class ShellStep {
    static final String SHELL = "/bin/sh";
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private ShellStep() {}

    static String script(String name) {
        try (InputStream in = ShellStep.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(name + " cannot be read", failure);
        }
    }

    /** The variables that the last shell before the server must remove, since nobody declared them. */
    static String additions(Map<String, String> environment) {
        return Stream.of("PWD", "OLDPWD", "SHLVL")
                .filter(name -> !environment.containsKey(name))
                .collect(Collectors.joining(" "));
    }

    static boolean canPass(Map<String, String> environment) {
        return environment.keySet().stream().allMatch(ShellStep::isName);
    }

    static void requirePassable(Launch launch) {
        launch.environment().keySet().stream()
                .filter(name -> !isName(name))
                .findFirst()
                .ifPresent(name -> {
                    throw SpawnFailure.refuse(
                            Problem.INVALID_CONFIGURATION,
                            "environment variable name \"" + Text.oneLine(name, 80)
                                    + "\" does not pass a shell, which containment \""
                                    + launch.containment().word()
                                    + "\" puts before the command (expected: letters, digits and underscores), server '"
                                    + launch.server() + "'.",
                            "Rename the variable, or set containment to \"group\".",
                            false);
                });
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
