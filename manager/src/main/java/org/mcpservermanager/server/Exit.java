package org.mcpservermanager.server;

/**
 * How a process ended.
 *
 * @param code exit code; -1 when a signal ended it or the code is not known
 * @param signal signal number; 0 when it exited by itself
 */
public record Exit(int code, int signal) {
    /** The JDK reports 128+n for a process that signal n ended (a shell does the same when it exits so by itself). */
    public static Exit ofJdk(int value) {
        return value > 128 && value <= 192 ? new Exit(-1, value - 128) : new Exit(value, 0);
    }

    public String signalName() {
        return switch (signal) {
            case 0 -> "";
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 3 -> "SIGQUIT";
            case 4 -> "SIGILL";
            case 6 -> "SIGABRT";
            case 7 -> "SIGBUS";
            case 8 -> "SIGFPE";
            case 9 -> "SIGKILL";
            case 11 -> "SIGSEGV";
            case 13 -> "SIGPIPE";
            case 14 -> "SIGALRM";
            case 15 -> "SIGTERM";
            case 24 -> "SIGXCPU";
            case 25 -> "SIGXFSZ";
            default -> "SIG" + signal;
        };
    }

    @Override
    public String toString() {
        if (signal == 0 && code < 0) {
            return "an exit code that is not known";
        }
        return signal == 0 ? "exit code " + code : "signal " + signal + " (" + signalName() + ")";
    }
}
