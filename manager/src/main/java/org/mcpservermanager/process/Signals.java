package org.mcpservermanager.process;

import java.util.Collection;
import java.util.List;

/** Sends signals to processes that are surely the ones that were seen. */
final class Signals {
    private final ProcessTable table;
    private final Guardian guardian;

    Signals(ProcessTable table, Guardian guardian) {
        this.table = table;
        this.guardian = guardian;
    }

    void term(Collection<Seen> targets) {
        targets.forEach(target -> send(target, false));
    }

    void kill(Collection<Seen> targets) {
        targets.forEach(target -> send(target, true));
    }

    void resume(List<Seen> halted) {
        guardian.signal("CONT", halted.stream().map(Seen::pid).toList());
    }

    void killGroup(long group) {
        guardian.signal("KILL", List.of(-group));
    }

    /**
     * The handle remembers the start time it found and the JDK compares it once more before it signals; the look between says that
     * this start time is the one that was seen.
     */
    private void send(Seen target, boolean forcibly) {
        ProcessHandle.of(target.pid())
                .filter(handle ->
                        table.look(target.pid()).filter(target::isSame).isPresent())
                .ifPresent(handle -> {
                    if (forcibly) {
                        handle.destroyForcibly();
                    } else {
                        handle.destroy();
                    }
                });
    }
}
