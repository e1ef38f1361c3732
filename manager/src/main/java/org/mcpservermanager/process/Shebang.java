package org.mcpservermanager.process;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The first line of a script.
 *
 * @param line after the {@code #!}
 */
record Shebang(String line, String interpreter, String argument) {
    private static final Pattern BLANKS = Pattern.compile("[ \t]+");
    private static final Pattern BLANKS_AROUND = Pattern.compile("^[ \t]+|[ \t]+$");
    private static final Pattern SPLIT = Pattern.compile("^(-S|--split-string=?)");

    static Shebang parse(String head) {
        int end = head.indexOf('\n');
        String line = head.substring(2, end < 0 ? head.length() : end);
        // The kernel strips spaces and tabs; a carriage return stays part of the name.
        String[] parts = BLANKS.split(BLANKS_AROUND.matcher(line).replaceAll(""), 2);
        return new Shebang(line, parts[0], parts.length > 1 ? parts[1] : "");
    }

    /** The name that {@code env} looks up on PATH. */
    Optional<String> programOfEnv() {
        if (!interpreter.endsWith("/env")) {
            return Optional.empty();
        }
        boolean split = argument.startsWith("-S") || argument.startsWith("--split-string");
        return split
                ? BLANKS.splitAsStream(SPLIT.matcher(argument).replaceFirst("").strip())
                        .filter(word -> !word.startsWith("-") && !word.contains("="))
                        .findFirst()
                : Optional.of(argument).filter(word -> !word.isEmpty() && !word.startsWith("-") && !word.contains("="));
    }
}
