package org.mcpservermanager.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Whether processes can be given groups of their own on this machine; found out by trying.
 *
 * @param name "group", "descendants" or "none"
 * @param prefix what is put before a command to make it the leader of a group of its own; empty where that is not possible
 */
record Grouping(String name, List<String> prefix) {
    private static final Logger LOG = Logger.getLogger(Grouping.class.getName());
    private static final List<String> PLACES = List.of("/usr/bin/setsid", "/bin/setsid", "/usr/local/bin/setsid");

    static Grouping ofThisMachine(ProcessTable table) {
        Optional<String> setsid = table instanceof ProcTable
                ? PLACES.stream()
                        .filter(place -> CommandPath.isProgram(Path.of(place)))
                        .findFirst()
                : Optional.empty();
        if (setsid.isPresent() && makesLeaders(setsid.get(), table)) {
            return new Grouping("group", List.of(setsid.get()));
        }
        return new Grouping(canFollowDescendants() ? "descendants" : "none", List.of());
    }

    /** What remains when a process is given no group. */
    String nameWithoutGroup() {
        return canFollowDescendants() ? "descendants" : "none";
    }

    Grouping withoutGroup() {
        return new Grouping(nameWithoutGroup(), List.of());
    }

    boolean isGroup() {
        return !prefix.isEmpty();
    }

    /** The program must keep the pid that Java knows (setsid forks when it leads a group already) and lead a group of that number. */
    private static boolean makesLeaders(String setsid, ProcessTable table) {
        ProcessBuilder builder = new ProcessBuilder(setsid, "/bin/sh", "-c", "echo $$; read -r end")
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", BaseEnvironment.PATH_DEFAULT));
        try {
            Process probe = builder.start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(probe.getInputStream(), StandardCharsets.US_ASCII))) {
                boolean same = Long.toString(probe.pid()).equals(out.readLine());
                return same
                        && table.look(probe.pid())
                                .filter(seen -> seen.group() == probe.pid())
                                .isPresent();
            } finally {
                probe.getOutputStream().close();
                if (!probe.waitFor(5, TimeUnit.SECONDS)) {
                    probe.destroyForcibly();
                }
            }
        } catch (IOException failure) {
            LOG.log(
                    Level.WARNING,
                    setsid + " cannot be used; servers are not given process groups of their own",
                    failure);
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean canFollowDescendants() {
        try {
            return ProcessHandle.current().parent().isPresent();
        } catch (UnsupportedOperationException notHere) {
            return false;
        }
    }
}
