package org.mcpservermanager.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Something put before the command, and nothing to be cleaned up afterwards.
 *
 * @param skins as {@link Enclosure#skins}
 */
record Prefixed(
        String name, boolean isGroup, int skins, List<String> command, Map<String, String> environment, Path directory)
        implements Enclosure {
    static Prefixed of(String name, Grouping grouping, int skins, List<String> before, Launch launch) {
        List<String> command = new ArrayList<>(grouping.prefix());
        command.addAll(before);
        command.addAll(Preflight.check(launch));
        return new Prefixed(name, grouping.isGroup(), skins, command, launch.environment(), launch.directory());
    }
}
