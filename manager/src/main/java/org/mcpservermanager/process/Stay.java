package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The calling thread is in control groups of version 1, where whatever it starts is born; until it goes home. A thread that moves
 * itself waits for nobody; whoever moves a process makes the kernel wait for all processors, 11 ms on an idle machine.
 */
final class Stay {
    private static final String MYSELF = "0";
    private final List<Path> homes = new ArrayList<>();

    /** A thread that cannot go home must end: what it starts from now on would be in the wrong group. */
    static final class Stranded extends Error {
        private static final long serialVersionUID = 1;

        Stranded(Path home, IOException cause) {
            super("a thread of the manager cannot go back to control group " + home, cause);
        }
    }

    /**
     * @param groups each two levels below the group of this JVM
     * @throws IOException it is in none of them
     */
    Stay(List<ControlGroup> groups) throws IOException {
        try {
            for (ControlGroup group : groups) {
                enter(group.directory());
                homes.add(group.directory().getParent().getParent());
            }
        } catch (IOException failure) {
            end();
            throw failure;
        }
    }

    private static void enter(Path group) throws IOException {
        KernelFile.write(group + "/tasks", MYSELF);
    }

    /** @throws Stranded it cannot go home: it must end */
    void end() {
        for (Path home : homes) {
            try {
                enter(home);
            } catch (IOException failure) {
                throw new Stranded(home, failure);
            }
        }
    }
}
