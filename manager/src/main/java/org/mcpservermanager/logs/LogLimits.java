package org.mcpservermanager.logs;

/**
 * How much of what a server prints is kept.
 *
 * @param fileBytesMax a file that would grow beyond is put aside first
 * @param filesMax the one that is written and those put aside, 1 or more
 */
public record LogLimits(long fileBytesMax, int filesMax) {
    public static final LogLimits DEFAULT = new LogLimits(10L << 20, 5);

    public LogLimits {
        if (fileBytesMax < 1) {
            throw new IllegalArgumentException("log file size: " + fileBytesMax + " (expected: 1 byte or more)");
        }
        if (filesMax < 1) {
            throw new IllegalArgumentException("log files: " + filesMax + " (expected: 1 or more)");
        }
    }
}
