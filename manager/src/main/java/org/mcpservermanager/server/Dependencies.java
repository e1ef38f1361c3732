package org.mcpservermanager.server;

import java.util.List;
import java.util.stream.Stream;

/**
 * The servers that a server comes after.
 *
 * @param after when they are starting too, it waits until they are ready or have failed
 * @param requires a start of it starts them, and it waits until they are ready
 * @param bind as requires; and when one of them dies, it is restarted
 */
public record Dependencies(List<ServerId> after, List<ServerId> requires, List<ServerId> bind) {
    public static final Dependencies NONE = new Dependencies(List.of(), List.of(), List.of());

    public Dependencies {
        after = List.copyOf(after);
        requires = List.copyOf(requires);
        bind = List.copyOf(bind);
    }

    /** Those that must be ready before it starts. */
    public List<ServerId> needed() {
        return requires.isEmpty() && bind.isEmpty()
                ? List.of()
                : Stream.concat(requires.stream(), bind.stream()).distinct().toList();
    }

    public List<ServerId> all() {
        return Stream.concat(needed().stream(), after.stream()).distinct().toList();
    }
}
