package org.mcpservermanager.server;

import java.util.List;
import java.util.Objects;

/**
 * What the operator wrote about a server.
 *
 * @param name as a person wrote it, for display; the id is made from it
 * @param enabled false: DISABLED, cannot be started
 * @param autoStart whether the first wish, before the operator said anything, is UP
 * @param priority lower starts first
 * @param source where it was defined, for people: a file and its key, or "api"
 */
public record ServerSpec(
        ServerId id,
        String name,
        String description,
        Wire wire,
        boolean enabled,
        boolean autoStart,
        int priority,
        List<String> tags,
        Isolation isolation,
        Containment containment,
        RestartPolicy restart,
        Timeouts timeouts,
        String source) {
    public ServerSpec {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(wire, "wire");
        Objects.requireNonNull(isolation, "isolation");
        Objects.requireNonNull(containment, "containment");
        Objects.requireNonNull(restart, "restart");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(source, "source");
        tags = List.copyOf(tags);
    }

    /** A spec whose containment is chosen by the machine it runs on. */
    public ServerSpec(
            ServerId id,
            String name,
            String description,
            Wire wire,
            boolean enabled,
            boolean autoStart,
            int priority,
            List<String> tags,
            Isolation isolation,
            RestartPolicy restart,
            Timeouts timeouts,
            String source) {
        this(
                id,
                name,
                description,
                wire,
                enabled,
                autoStart,
                priority,
                tags,
                isolation,
                Containment.AUTO,
                restart,
                timeouts,
                source);
    }

    /** A spec with every default. */
    public static ServerSpec of(ServerId id, Wire wire, String source) {
        return new ServerSpec(
                id,
                id.value(),
                "",
                wire,
                true,
                true,
                100,
                List.of(),
                Isolation.AUTO,
                RestartPolicy.DEFAULT,
                Timeouts.DEFAULT,
                source);
    }
}
