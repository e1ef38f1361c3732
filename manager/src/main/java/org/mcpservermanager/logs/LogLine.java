package org.mcpservermanager.logs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Text;

/** One record is one line: when, which stream, of which copy, what. Nothing a server prints can look like another record. */
final class LogLine {
    /** What is passed on of a line at most, and the mark that it was cut. */
    private static final int LENGTH_MAX = (64 << 10) + 100;

    private static final Pattern TERMINAL_SEQUENCE = Pattern.compile("\u001b\\[[0-9;?]*[ -/]*[@-~]");

    private LogLine() {}

    static byte[] of(Event.Output output) {
        String plain = TERMINAL_SEQUENCE.matcher(output.line()).replaceAll("").replace('\t', ' ');
        return line(
                output.at(),
                (output.error() ? "stderr" : "stdout") + " #" + output.generation() + " "
                        + Text.oneLine(plain, LENGTH_MAX));
    }

    static byte[] gap(Instant at, long lines) {
        return line(at, "manager " + lines + " lines are missing here");
    }

    private static byte[] line(Instant at, String text) {
        return (at.truncatedTo(ChronoUnit.MILLIS) + " " + text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
