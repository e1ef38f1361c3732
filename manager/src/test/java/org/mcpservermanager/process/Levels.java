package org.mcpservermanager.process;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.mcpservermanager.server.Containment;

/** The levels of containment by their words. */
final class Levels {
    /** Those from which nothing can escape. */
    static final List<String> TIGHT = List.of("pidns", "cgroup");

    private Levels() {}

    static Containment named(String word) {
        return switch (word) {
            case "cgroup" -> Containment.Cgroup.UNLIMITED;
            case "container" -> TestImage.CONTAINER;
            default -> Containment.Level.valueOf(word.toUpperCase(Locale.ROOT));
        };
    }

    /** Skips the test, with the reason, where this machine has no such level. */
    static void require(Household house) throws Exception {
        try {
            house.sh("exit 0").treeEmpty().get(10, TimeUnit.SECONDS);
        } catch (LaunchRefused refused) {
            Assumptions.abort(refused.getMessage());
        }
    }
}
