package org.mcpservermanager.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How readily the kernel ends a process when memory runs out: a server sooner than the application server. What a process forks
 * inherits it, through new sessions, new parents and emptied environments, so launches get different numbers, to know again by it
 * what nothing else betrays. It names nobody for certain: whoever bears it is reported, never signalled.
 */
final class Birthmark {
    static final int NONE = Integer.MIN_VALUE;
    private static final int LEAST = 500;
    private static final int COUNT = 100;
    private static final int LONGEST = 16;
    private static final Logger LOG = Logger.getLogger(Birthmark.class.getName());
    private final boolean usable;

    private Birthmark(boolean usable) {
        this.usable = usable;
    }

    /** Without effect where the manager itself is the first to be ended, or the system has no such thing. */
    static Birthmark ofThisMachine() {
        int own = of(ProcessHandle.current().pid());
        return new Birthmark(own != NONE && own < LEAST);
    }

    /** What the processes of a launch bear. */
    int ofLaunch(long sequence) {
        return usable ? LEAST + (int) (sequence % COUNT) : NONE;
    }

    void put(long pid, int mark) {
        if (mark == NONE) {
            return;
        }
        try {
            KernelFile.write(file(pid), Integer.toString(mark));
        } catch (IOException goneOrForbidden) {
            LOG.log(Level.FINE, "oom_score_adj of pid " + pid + " stays as it is", goneOrForbidden);
        }
    }

    static int of(long pid) {
        // One read sees one value; a second would go on in the text of another, put since.
        try (InputStream file = new FileInputStream(file(pid))) {
            byte[] text = new byte[LONGEST];
            int length = Math.max(0, file.read(text));
            return Integer.parseInt(new String(text, 0, length, StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException goneOrUnknown) {
            return NONE;
        }
    }

    private static String file(long pid) {
        return "/proc/" + pid + "/oom_score_adj";
    }
}
