package org.mcpservermanager.config;

import jakarta.json.JsonObjectBuilder;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Json;

/** Writes what {@link ContainmentReader} reads. */
final class ContainmentJson {
    private ContainmentJson() {}

    /** AUTO is left out, so that the digest of a server that never named a level stays what it was. */
    static void add(JsonObjectBuilder json, Containment containment) {
        if (containment != Containment.AUTO) {
            json.add(Key.CONTAINMENT.text(), containment.word());
        }
        if (containment instanceof Containment.Cgroup cgroup
                && !cgroup.ceiling().equals(Containment.Ceiling.NONE)) {
            json.add(Key.CGROUP.text(), ceiling(cgroup.ceiling()));
        } else if (containment instanceof Containment.Container container) {
            json.add(Key.CONTAINER.text(), container(container));
        }
    }

    private static JsonObjectBuilder ceiling(Containment.Ceiling ceiling) {
        JsonObjectBuilder json = Json.createObjectBuilder();
        if (ceiling.memoryBytes() > 0) {
            json.add("memory", ceiling.memoryBytes());
        }
        if (ceiling.processes() > 0) {
            json.add("pids", ceiling.processes());
        }
        return json;
    }

    private static JsonObjectBuilder container(Containment.Container container) {
        JsonObjectBuilder json = ceiling(container.ceiling())
                .add("image", container.image())
                .add("pull", container.pull().word())
                .add(
                        "mounts",
                        Json.createArrayBuilder(container.mounts().stream()
                                .map(Object::toString)
                                .toList()))
                .add("read_only", container.readOnly())
                .add("cap_drop", Json.createArrayBuilder(container.droppedCapabilities()))
                .add("options", Json.createArrayBuilder(container.options()));
        addUnlessEmpty(json, "runtime", container.runtime());
        addUnlessEmpty(json, "network", container.network());
        addUnlessEmpty(json, "user", container.user());
        addUnlessEmpty(json, "cpus", container.cpus());
        return json;
    }

    private static void addUnlessEmpty(JsonObjectBuilder json, String name, String text) {
        if (!text.isEmpty()) {
            json.add(name, text);
        }
    }
}
