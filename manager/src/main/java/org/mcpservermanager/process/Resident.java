package org.mcpservermanager.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Memory of processes as {@code ps} tells it, on machines that have no /proc. */
final class Resident {
    private static final Logger LOG = Logger.getLogger(Resident.class.getName());
    private static final List<String> COMMAND = List.of("/bin/ps", "-A", "-o", "pid=,rss=");
    private static final long LIMIT_SECONDS = 5;

    private Resident() {}

    /** By pid; empty where there is no such program, or it takes too long. */
    static Map<Long, Long> kilobytes() {
        ProcessBuilder builder = new ProcessBuilder(COMMAND).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        try {
            Process ps = builder.start();
            // who hangs is ended, which ends what is read
            ps.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).exceptionally(late -> ps.destroyForcibly());
            ps.getOutputStream().close();
            try (BufferedReader lines = ps.inputReader(StandardCharsets.US_ASCII)) {
                Map<Long, Long> found = new HashMap<>();
                lines.lines().forEach(line -> read(line, found));
                return found;
            }
        } catch (IOException | UncheckedIOException notHere) {
            LOG.log(Level.FINE, "memory is not measured: {0}", notHere.toString());
            return Map.of();
        }
    }

    static void read(String line, Map<Long, Long> into) {
        String[] fields = line.strip().split("\\s+");
        if (fields.length == 2 && fields[0].matches("\\d{1,18}") && fields[1].matches("\\d{1,15}")) {
            into.put(Long.valueOf(fields[0]), Long.valueOf(fields[1]));
        }
    }
}
