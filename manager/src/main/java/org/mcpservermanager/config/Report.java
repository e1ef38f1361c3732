package org.mcpservermanager.config;

import java.util.ArrayList;
import java.util.List;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Text;

/** Collects the problems of one entry, or of a file as a whole. */
final class Report {
    private static final int VALUE_MAX = 80;
    private final String file;
    private final List<ConfigProblem> problems = new ArrayList<>();

    Report(String file) {
        this.file = file;
    }

    /** {@code what} follows the key, e.g. {@code 70000 (expected: 1 to 65535)}. */
    void error(String key, String what, String remedy) {
        add(ConfigProblem.Severity.ERROR, Problem.INVALID_CONFIGURATION, key, what, remedy);
    }

    void warning(String code, String key, String what, String remedy) {
        add(ConfigProblem.Severity.WARNING, code, key, what, remedy);
    }

    void add(ConfigProblem.Severity severity, String code, String key, String what, String remedy) {
        String shown = Text.oneLine(key, 200);
        String message = file + ": " + (shown.isEmpty() ? "" : shown + ": ") + what;
        problems.add(new ConfigProblem(severity, file, shown, new Problem(code, message, remedy)));
    }

    boolean hasErrors() {
        return problems.stream().anyMatch(ConfigProblem::isError);
    }

    List<ConfigProblem> problems() {
        return List.copyOf(problems);
    }

    static String shown(Object value) {
        return Text.oneLine(String.valueOf(value), VALUE_MAX);
    }
}
