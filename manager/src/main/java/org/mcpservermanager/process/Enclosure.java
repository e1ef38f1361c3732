package org.mcpservermanager.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one launch is put into, so that none of its processes can leave. All but what describes the spawn is called in the
 * keeper's thread and must not block; signals one by one remain the keeper's.
 */
interface Enclosure {
    /** The level in force, as it is shown to people. */
    String name();

    /** The whole command line that starts the server inside. */
    List<String> command();

    Map<String, String> environment();

    /** Where the command is started. */
    Path directory();

    /** Control groups that it is born in; the command enters none then. */
    default List<ControlGroup> birthplaces() {
        return List.of();
    }

    /** Whether the process that Java starts leads a group of its own. */
    boolean isGroup();

    /** Whether {@link #command} itself passes the launch's limits on to the server. */
    default boolean limitsItself() {
        return false;
    }

    /** How many generations of processes, from the one that Java starts, are ours and not the server's. */
    default int skins() {
        return 0;
    }

    /** How many processes and threads together the system allows inside; 0: no limit of ours. */
    default int pidsMax() {
        return 0;
    }

    /** Processes that are surely inside, as far as the system tells. */
    default Collection<Long> pids() {
        return List.of();
    }

    /** Whether {@link #pids} names all that is inside, and nobody gets out but by the power of root, meaning to. */
    default boolean isTight() {
        return false;
    }

    /** Whether something may be alive that {@link #pids} cannot name. */
    default boolean isOccupied() {
        return false;
    }

    /** @param signals sends TERM to all members that are known, but the skins */
    default void term(Duration grace, Runnable signals) {
        signals.run();
    }

    /** Called again and again while somebody lives. */
    default void kill(Runnable signals) {
        signals.run();
    }

    /** Which limit of the system's the server ran into so far, in words; empty: none that is known. */
    default Optional<String> limitHit() {
        return Optional.empty();
    }

    default void leaderGone() {}

    /** Nobody is left. */
    default void remove() {}

    /** The program that runs it as a container, which lives on when the process that was started dies. */
    default Optional<String> runtime() {
        return Optional.empty();
    }

    /** What the guardian is told to do with it should this JVM die. */
    default Optional<String> will() {
        return Optional.empty();
    }

    /** How long KILL may take to show. */
    default Duration patience() {
        return Duration.ofSeconds(2);
    }
}
