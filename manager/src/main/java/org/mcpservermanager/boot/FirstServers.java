package org.mcpservermanager.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.config.Loaded;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.StartOrder;

/** The servers the manager starts with: those of the file, those defined by the API, and the demo. The file has the last word. */
final class FirstServers {
    private static final Logger LOG = Logger.getLogger(FirstServers.class.getName());
    private final Map<ServerId, ServerSpec> specs = new TreeMap<>();
    private final List<Group> groups = new ArrayList<>();

    FirstServers addDefinitions(Map<ServerId, String> definitions, Drafts drafts) {
        definitions.forEach((id, json) -> {
            try {
                specs.put(id, drafts.stored(json));
            } catch (RuntimeException unreadable) {
                LOG.log(
                        Level.SEVERE,
                        "the stored definition of server '" + id + "' cannot be read; it is left out",
                        unreadable);
            }
        });
        return this;
    }

    FirstServers addFile(Loaded loaded) {
        loaded.specs().forEach(this::addOverriding);
        groups.addAll(loaded.groups());
        return this;
    }

    private void addOverriding(ServerSpec spec) {
        ServerSpec before = specs.put(spec.id(), spec);
        if (before != null) {
            LOG.warning(() -> "server '" + spec.id() + "' is defined by " + before.source() + " and by " + spec.source()
                    + "; the latter counts");
        }
    }

    FirstServers addDemo(Settings settings, StateDirectory state) {
        if (settings.demo()) {
            ServerSpec demo = DemoServer.spec(state);
            specs.putIfAbsent(demo.id(), demo);
        }
        return this;
    }

    List<Group> groups() {
        return List.copyOf(groups);
    }

    /** Without those that come after each other, which a file alone, or the API alone, would have refused. */
    List<ServerSpec> all() {
        List<ServerSpec> all = StartOrder.withoutCycles(specs.values());
        StartOrder.cycle(specs.values())
                .ifPresent(cycle -> LOG.severe(() -> StartOrder.problem(cycle) + " Left out: "
                        + specs.keySet().stream()
                                .filter(id ->
                                        all.stream().noneMatch(spec -> spec.id().equals(id)))
                                .toList()));
        return all;
    }
}
