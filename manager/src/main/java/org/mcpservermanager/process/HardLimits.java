package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Puts prlimit(1) before a command that the system shall hold to limits, where a try shows that it works. Address space is not
 * limited: programs of today reserve far more of it than they use. Core files of servers are never wanted: they hold secrets.
 */
final class HardLimits {
    private static final Logger LOG = Logger.getLogger(HardLimits.class.getName());
    private static final List<String> PLACES = List.of("/usr/bin/prlimit", "/bin/prlimit", "/usr/local/bin/prlimit");
    private static final Path OWN = Path.of("/proc/self/limits");
    private final String program;
    private final List<String> own;
    private final boolean dumpsCore;

    private HardLimits(String program, List<String> own) {
        this.program = program;
        this.own = own;
        dumpsCore = !own("Max core file size", 1).equals("0");
    }

    static HardLimits ofThisMachine() {
        String usable = PLACES.stream()
                .filter(place -> CommandPath.isProgram(Path.of(place)) && works(place))
                .findFirst()
                .orElse("");
        try {
            return new HardLimits(usable, Files.exists(OWN) ? Files.readAllLines(OWN) : List.of());
        } catch (IOException hidden) {
            LOG.log(Level.FINE, OWN + " cannot be read", hidden);
            return new HardLimits(usable, List.of());
        }
    }

    /** The command as it is when there is nothing to be done, which saves a millisecond. */
    List<String> before(Launch launch, List<String> command) {
        Rlimits limits = launch.limits();
        List<String> options = new ArrayList<>();
        if (dumpsCore) {
            options.add("--core=0");
        }
        if (limits.openFiles() > 0) {
            options.add("--nofile=" + Math.min(limits.openFiles(), ceiling("Max open files")));
        }
        if (limits.dataBytes() > 0) {
            options.add("--data=" + Math.min(limits.dataBytes(), ceiling("Max data size")));
        }
        if (program.isEmpty() && !limits.equals(Rlimits.NONE)) {
            LOG.warning("prlimit(1) does not work here: \"hard\" in the limits of server '" + launch.server()
                    + "' has no effect, the other limits have");
        }
        if (program.isEmpty() || options.isEmpty()) {
            return command;
        }
        List<String> limited = new ArrayList<>();
        limited.add(program);
        limited.addAll(options);
        limited.addAll(command);
        return limited;
    }

    /** Above it only a privileged manager could go, and asking would end the server. */
    private long ceiling(String name) {
        String hard = own(name, 2);
        return hard.matches("\\d{1,18}") ? Long.parseLong(hard) : Long.MAX_VALUE;
    }

    private String own(String name, int column) {
        return own.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.split(" {2,}", 4))
                .filter(columns -> columns.length > column)
                .map(columns -> columns[column])
                .findFirst()
                .orElse("");
    }

    private static boolean works(String prlimit) {
        try {
            Trial trial = Trial.run(List.of(
                    prlimit, "--core=0", "--nofile=64", ShellStep.SHELL, "-c", "echo $$ $(ulimit -n) $(ulimit -c)"));
            return trial.lines().equals(List.of(trial.pid() + " 64 0"));
        } catch (IOException failure) {
            LOG.log(Level.FINE, prlimit + " cannot be used", failure);
            return false;
        }
    }
}
