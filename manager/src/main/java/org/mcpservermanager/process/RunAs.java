package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Text;

/**
 * A launch as the user it is meant for. Becoming that user is the last step before the program, after everything that only the
 * manager may do, and is tried first: nothing runs as somebody else because of a mistake.
 */
final class RunAs {
    private static final Logger LOG = Logger.getLogger(RunAs.class.getName());
    private static final long NOBODY_ELSE = -1;
    private static final int TYPE_OF_FILE = 0170000;
    private static final int PIPE = 0010000;
    private static final int FILE = 0100000;
    private static final int NO_DIRECTORY = 40;
    private static final int NO_PROGRAM = 41;
    /** $1: a directory; then a test and a program each. Says which program is the first that can be run. */
    private static final String TRY = "cd -- \"$1\" || exit " + NO_DIRECTORY
            + "; shift; while [ $# -gt 0 ]; do [ -x \"$2\" ] && [ \"$1\" \"$2\" ] && echo \"$2\" && exit; shift 2; done; exit "
            + NO_PROGRAM;

    private final Launch launch;
    private final long uid;

    private RunAs(Launch launch, long uid) {
        this.launch = launch;
        this.uid = uid;
    }

    /** @throws LaunchRefused with the reason why nothing can be started as that user */
    static RunAs of(Launch launch) {
        if (launch.user().isEmpty() || launch.containment() instanceof Containment.Container) {
            return new RunAs(launch, NOBODY_ELSE);
        }
        if (!isLinux()) {
            throw unavailable(launch, "this needs Linux", "Run the manager on Linux, or as that user itself.");
        }
        try {
            return ofAccount(launch, account(launch));
        } catch (IOException failure) {
            throw unavailable(
                    launch,
                    Text.oneLine(String.valueOf(failure.getMessage()), 200),
                    "Look whether the machine's user directory answers, then start the server.");
        }
    }

    private static RunAs ofAccount(Launch launch, Account account) throws IOException {
        Launch known = known(launch, account);
        Preflight.check(known);
        List<String> before = isOurself(account) ? List.of() : setpriv(launch, account);
        List<String> program = new ArrayList<>(launch.command());
        program.set(0, programOf(known, before));
        List<String> command = new ArrayList<>(before);
        command.addAll(Preflight.check(known.as(program, known.environment(), known.directory())));
        return new RunAs(
                known.as(command, known.environment(), known.directory()),
                before.isEmpty() ? NOBODY_ELSE : account.uid());
    }

    private static Account account(Launch launch) throws IOException {
        String[] parts = launch.user().split(":", 2);
        Optional<Account> user = Account.find(parts[0]);
        if (user.isEmpty()) {
            throw notFound(launch, "user", parts[0]);
        }
        if (parts.length == 1) {
            return user.get();
        }
        OptionalLong group = Account.groupId(parts[1]);
        return user.get().in(group.orElseThrow(() -> notFound(launch, "group", parts[1])));
    }

    private static Launch known(Launch launch, Account account) {
        Map<String, String> environment = new HashMap<>(launch.environment());
        environment.putIfAbsent("HOME", account.home());
        environment.putIfAbsent("USER", account.name());
        environment.putIfAbsent("LOGNAME", account.name());
        Path home = account.home().startsWith("/") ? Path.of(account.home()) : Path.of("/");
        Path standard = Files.isDirectory(home) ? home : Path.of("/");
        boolean isNamed = !launch.directory().toString().isEmpty();
        return launch.as(launch.command(), environment, isNamed ? launch.directory() : standard);
    }

    private static List<String> setpriv(Launch launch, Account account) throws IOException {
        String program = CommandPath.ofSystem("setpriv")
                .orElseThrow(() -> unavailable(launch, "setpriv(1) is not installed", "Install util-linux."));
        List<String> lacking = Capabilities.lacking(Files.readAllLines(Path.of("/proc/self/status")));
        if (!lacking.isEmpty()) {
            throw unavailable(
                    launch,
                    "user " + System.getProperty("user.name") + " of the manager lacks " + String.join(", ", lacking),
                    "Run the manager as root, or give it these capabilities (systemd: AmbientCapabilities=, podman and docker:"
                            + " --cap-add), or run it as that user.");
        }
        return List.of(
                program,
                "--reuid=" + account.uid(),
                "--regid=" + account.gid(),
                "--init-groups",
                "--inh-caps=-all",
                "--ambient-caps=-all",
                "--");
    }

    /** On a PATH, other programs may be the user's than the manager's. */
    private static String programOf(Launch launch, List<String> before) throws IOException {
        List<Path> programs = new CommandPath(launch.environment(), launch.directory())
                .candidates(launch.command().get(0)).stream()
                        .filter(CommandPath::isProgram)
                        .toList();
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                ShellStep.SHELL,
                "-c",
                TRY,
                "mcp-user",
                launch.directory().toAbsolutePath().toString()));
        programs.forEach(program -> {
            command.add(Preflight.isScript(program) ? "-r" : "-x");
            command.add(program.toString());
        });
        Trial trial = Trial.run(command);
        String user = "by user \"" + Text.oneLine(launch.user(), 100) + "\"";
        switch (trial.code()) {
            case 0 -> {
                return String.join("\n", trial.lines());
            }
            case NO_DIRECTORY ->
                throw refuse(
                        launch,
                        Problem.DIRECTORY_NOT_FOUND,
                        "working directory \"" + launch.directory() + "\" may not be entered " + user,
                        "Give that user the right to enter it and the directories above it, or set cwd.");
            case NO_PROGRAM ->
                throw refuse(
                        launch,
                        Problem.NOT_EXECUTABLE,
                        "command \"" + programs.get(0) + "\" may not be "
                                + (Preflight.isScript(programs.get(0)) ? "read and " : "") + "executed " + user,
                        "Give that user the right to, or install the program where that user can get at it.");
            default ->
                throw unavailable(
                        launch,
                        Text.oneLine(String.join(" ", trial.lines()), 200) + " (exit code " + trial.code() + ")",
                        "See the message of setpriv (util-linux 2.31 or later).");
        }
    }

    private static boolean isOurself(Account account) throws IOException {
        Path own = Path.of("/proc/self");
        return Files.getAttribute(own, "unix:uid").equals((int) account.uid())
                && Files.getAttribute(own, "unix:gid").equals((int) account.gid());
    }

    private static boolean isLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    private static LaunchRefused notFound(Launch launch, String kind, String name) {
        return refuse(
                launch,
                Problem.USER_NOT_FOUND,
                kind + " \"" + Text.oneLine(name, 100) + "\" does not exist on this machine",
                "Correct \"user\", or add the " + kind + ".");
    }

    private static LaunchRefused unavailable(Launch launch, String why, String remedy) {
        return refuse(
                launch,
                Problem.USER_NOT_AVAILABLE,
                "nothing can be started as user \"" + Text.oneLine(launch.user(), 100) + "\": " + why,
                remedy);
    }

    private static LaunchRefused refuse(Launch launch, String code, String message, String remedy) {
        return SpawnFailure.refuse(code, message + ", server '" + launch.server() + "'.", remedy, false);
    }

    /** What is to be started. */
    Launch launch() {
        return launch;
    }

    /** Programs open /dev/stderr anew, which only the owner of the pipe or file behind it may. */
    void takePipes(long pid) {
        if (uid == NOBODY_ELSE) {
            return;
        }
        for (int number = 0; number <= 2; number++) {
            Path file = Path.of("/proc/" + pid + "/fd/" + number);
            try {
                int type = (int) Files.getAttribute(file, "unix:mode") & TYPE_OF_FILE;
                if (type == PIPE || type == FILE) {
                    Files.setAttribute(file, "unix:uid", (int) uid);
                }
            } catch (IOException gone) {
                LOG.log(Level.FINE, file + " stays as it is", gone);
            }
        }
    }
}
