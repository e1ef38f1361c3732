package org.mcpservermanager.process;

import java.util.Optional;

/** Reads /proc/PID/stat. The name in parentheses may hold spaces and parentheses: fields are counted from its last one. */
final class StatLine {
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int FLAGS = 6;
    private static final int CPU_FIRST = 11;
    private static final int CPU_FIELDS = 4;
    private static final int THREADS = 17;
    private static final int START = 19;
    private static final long KERNEL_THREAD = 0x20_0000;

    private StatLine() {}

    /** Empty for a process that is dead, though its entry may still be there, and for threads of the kernel. */
    static Optional<Seen> parse(String line) {
        int open = line.indexOf(" (");
        int close = line.lastIndexOf(") ");
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = line.substring(close + 2).split(" ", START + 2);
        if (fields.length <= START) {
            return Optional.empty();
        }
        char state = fields[STATE].charAt(0);
        // A main thread that ended looks like a zombie while the other threads of its process live on.
        boolean dead = (state == 'Z' || state == 'X' || state == 'x') && Long.parseLong(fields[THREADS]) <= 1;
        return dead || (Long.parseLong(fields[FLAGS]) & KERNEL_THREAD) != 0
                ? Optional.empty()
                : Optional.of(new Seen(
                        Long.parseLong(line.substring(0, open)),
                        Long.parseLong(fields[PARENT]),
                        Long.parseLong(fields[GROUP]),
                        Long.parseLong(fields[START]),
                        state == 'T' || state == 't'));
    }

    /** User and system time, own and of children that were waited for. */
    static long cpuTicks(String line) {
        String[] fields = line.substring(line.lastIndexOf(") ") + 2).split(" ", CPU_FIRST + CPU_FIELDS + 1);
        long ticks = 0;
        for (int i = CPU_FIRST; i < CPU_FIRST + CPU_FIELDS && i < fields.length; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks;
    }
}
