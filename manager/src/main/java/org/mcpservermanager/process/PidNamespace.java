package org.mcpservermanager.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Problem;

/**
 * A process namespace for each server: when its first process ends, the kernel ends all others, whatever they did to hide. Outside
 * stays one process whose death, asked for or not, ends the first. Both are ours; the server is their grandchild.
 *
 * @param how what makes the namespace, for people
 * @param way how to get from our grouping prefix to the command: the makers, our first process, the last step
 */
record PidNamespace(String how, Way way, Grouping grouping) {
    private static final Logger LOG = Logger.getLogger(PidNamespace.class.getName());
    private static final String PLAIN = "unshare";
    private static final int SKINS = 2;
    private static final long INNER_PIDS_MAX = 100;
    private static final long GONE_WITHIN = TimeUnit.SECONDS.toNanos(2);

    /** Makes what is put before the command of a server with a given environment. */
    interface Way {
        List<String> before(Map<String, String> environment);
    }

    /** Empty, with the reason in the log, where none of the known ways works. */
    static Optional<PidNamespace> ofThisMachine(ProcessTable table, Grouping grouping) {
        if (!grouping.isGroup()) {
            return Optional.empty();
        }
        return ways(grouping).stream().filter(one -> one.works(table)).findFirst();
    }

    Enclosure enclose(Launch launch) {
        ShellStep.requirePassable(launch);
        if (!launch.user().isEmpty() && !how.equals(PLAIN)) {
            throw SpawnFailure.refuse(
                    Problem.CONTAINMENT_NOT_AVAILABLE,
                    "containment \"pidns\": nobody can become user \"" + launch.user() + "\" in a namespace made by "
                            + how + ", server '" + launch.server() + "'.",
                    "Run the manager as root and install mount (util-linux), or set containment to \"auto\".",
                    false);
        }
        return Prefixed.of("pidns", grouping, SKINS, way.before(launch.environment()), launch);
    }

    private static List<PidNamespace> ways(Grouping grouping) {
        List<PidNamespace> ways = new ArrayList<>();
        Optional<String> unshare = CommandPath.ofSystem("unshare");
        Optional<String> setpriv = CommandPath.ofSystem("setpriv");
        Optional<String> mount = CommandPath.ofSystem("mount");
        Optional<String> env = CommandPath.ofSystem("env");
        Optional<String> bwrap = CommandPath.ofSystem("bwrap");
        if (unshare.isPresent() && setpriv.isPresent() && env.isPresent()) {
            List<String> dieWithUs = List.of(setpriv.get(), "--pdeathsig", "KILL");
            mount.ifPresent(program -> ways.add(new PidNamespace(
                    PLAIN,
                    environment -> concat(
                            List.of(unshare.get(), "--pid", "--mount", "--propagation", "slave"),
                            dieWithUs,
                            behind(""),
                            dieWithUs,
                            behind(program),
                            lastStep(env.get(), environment)),
                    grouping)));
            // mount(8) serves root only, so that unshare mounts; what both need is dropped before the server's own
            // program.
            ways.add(new PidNamespace(
                    "unshare in a user namespace",
                    environment -> concat(
                            List.of(unshare.get(), "--user", "--map-current-user", "--keep-caps", "--pid"),
                            dieWithUs,
                            behind(""),
                            dieWithUs,
                            List.of(unshare.get(), "--mount-proc"),
                            behind(""),
                            List.of(setpriv.get(), "--ambient-caps", "-all", "--inh-caps", "-all"),
                            lastStep(env.get(), environment)),
                    grouping));
        }
        bwrap.ifPresent(program -> ways.add(new PidNamespace(
                "bwrap",
                environment -> List.of(
                        program, "--dev-bind", "/", "/", "--proc", "/proc", "--unshare-pid", "--die-with-parent", "--"),
                grouping)));
        return ways;
    }

    private static List<String> behind(String mount) {
        return List.of(ShellStep.SHELL, "-c", ShellStep.script("behind.sh"), "mcp-pidns", mount);
    }

    /** A shell makes what it runs behind itself ignore INT and QUIT, and only a program like env can undo that. */
    private static List<String> lastStep(String env, Map<String, String> environment) {
        return List.of(
                env,
                "--default-signal=INT",
                "--default-signal=QUIT",
                ShellStep.SHELL,
                "-c",
                "unset $1; shift; exec \"$@\"",
                "mcp-pidns",
                ShellStep.additions(environment));
    }

    @SafeVarargs
    private static List<String> concat(List<String>... parts) {
        List<String> all = new ArrayList<>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    /** The shell must see a namespace of its own, and end when nothing but the outermost process is killed. */
    private boolean works(ProcessTable table) {
        List<String> command = concat(grouping.prefix(), way.before(Map.of()), Probe.COMMAND);
        try (Probe probe = Probe.start(command)) {
            Optional<Long> answer = probe.answer();
            Collection<Seen> inside = below(probe.pid(), table.scan(Long.MAX_VALUE));
            probe.killLeader();
            boolean held = answer.filter(pid -> pid < INNER_PIDS_MAX).isPresent()
                    && inside.size() >= SKINS
                    && areGone(inside, table);
            LOG.log(
                    held ? Level.FINE : Level.INFO,
                    () -> how + (held ? " makes" : " does not make") + " process namespaces here ("
                            + answer.map(pid -> "pid " + pid).orElse("no answer") + ")");
            return held;
        } catch (IOException failure) {
            LOG.log(Level.INFO, how + " cannot be run", failure);
            return false;
        }
    }

    private static Collection<Seen> below(long pid, Scan scan) {
        List<Seen> found = new ArrayList<>(scan.childrenOf(pid));
        for (int i = 0; i < found.size(); i++) {
            found.addAll(scan.childrenOf(found.get(i).pid()));
        }
        return found;
    }

    private static boolean areGone(Collection<Seen> processes, ProcessTable table) {
        long deadline = System.nanoTime() + GONE_WITHIN;
        while (System.nanoTime() < deadline) {
            if (processes.stream()
                    .noneMatch(
                            seen -> table.look(seen.pid()).filter(seen::isSame).isPresent())) {
                return true;
            }
            LockSupport.parkNanos(1_000_000);
        }
        return false;
    }
}
