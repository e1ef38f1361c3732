package org.mcpservermanager.process;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one launch in the environment of every process that comes of it.
 *
 * @param manager the id of the manager that owns the state directory
 * @param run one life of the manager's JVM
 * @param sequence counts the launches of that life: two copies of a server may share a generation, never a marker
 */
record Marker(String manager, String server, long generation, String run, long sequence) {
    static final String VARIABLE = "MCP_MANAGER_TOKEN";
    /** Behind the run of those that shall outlive it: whoever ends all of a run leaves them alone. */
    private static final String OUTLIVING = "kept";

    private static final Pattern FORM =
            Pattern.compile("([0-9a-f-]+):([a-z0-9-]+):(\\d{1,18}):([0-9a-z]+)\\.(\\d{1,18})");

    Marker {
        Objects.requireNonNull(manager, "manager");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(run, "run");
    }

    static String outliving(String run) {
        return run + OUTLIVING;
    }

    /** Whether it was launched in that life, to outlive it or not. */
    boolean isOfRun(String life) {
        return run.equals(life) || run.equals(outliving(life));
    }

    static Optional<Marker> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new Marker(
                        form.group(1),
                        form.group(2),
                        Long.parseLong(form.group(3)),
                        form.group(4),
                        Long.parseLong(form.group(5))))
                : Optional.empty();
    }

    String value() {
        return manager + ":" + server + ":" + generation + ":" + run + "." + sequence;
    }

    @Override
    public String toString() {
        return value();
    }
}
