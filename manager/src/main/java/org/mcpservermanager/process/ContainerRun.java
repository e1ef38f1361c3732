package org.mcpservermanager.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mcpservermanager.server.Containment;

/** The command line and the environment that run a container; no value that may be a secret is in the command line. */
final class ContainerRun {
    static final String LABEL_MANAGER = "org.mcpservermanager.manager";
    private static final String LABEL_SERVER = "org.mcpservermanager.server";
    private static final String LABEL_GENERATION = "org.mcpservermanager.generation";
    private static final String LABEL_RUN = "org.mcpservermanager.run";

    private ContainerRun() {}

    static String name(Marker marker) {
        return "mcp-" + marker.server() + "-" + marker.generation() + "-" + marker.run() + "-" + marker.sequence();
    }

    /** Whether a name of ours was given in that life of the manager. */
    static boolean isOfRun(String name, String run) {
        return name.matches("mcp-.+-\\d+-(" + run + "|" + Marker.outliving(run) + ")-\\d+");
    }

    static List<String> command(ContainerCli cli, Containment.Container container, Launch launch, Marker marker) {
        List<String> command = new ArrayList<>(List.of(cli.program()));
        command.addAll(options(name(marker), container, launch, marker));
        command.add(container.image());
        launch.command().stream()
                .filter(part -> !isMissingCommand(launch, part))
                .forEach(command::add);
        return command;
    }

    static String trialName(Marker marker) {
        return "mcp-trial-" + name(marker);
    }

    /** Arguments of a run that ends before any program does: the runtime looks for the user first, then for what is not there. */
    static List<String> trial(Containment.Container container, Launch launch, Marker marker) {
        List<String> arguments = options(trialName(marker), container, launch, marker);
        option(arguments, "--pull", Containment.Pull.NEVER.word());
        option(arguments, "--entrypoint", "/mcp-manager/no-such-program");
        arguments.add(container.image());
        return arguments;
    }

    private static List<String> options(String called, Containment.Container container, Launch launch, Marker marker) {
        List<String> command = new ArrayList<>(List.of("run", "--rm", "--init", "--interactive"));
        option(command, "--name", called);
        option(command, "--label", LABEL_MANAGER + "=" + marker.manager());
        option(command, "--label", LABEL_SERVER + "=" + marker.server());
        option(command, "--label", LABEL_GENERATION + "=" + marker.generation());
        option(command, "--label", LABEL_RUN + "=" + marker.run());
        // Only for those who end it without a word of their own, such as the guardian.
        option(command, "--stop-timeout", "1");
        option(command, "--pull", container.pull().word());
        container.mounts().forEach(mount -> option(command, "--mount", mount(mount)));
        option(command, "--network", container.network());
        option(command, "--user", container.user());
        option(command, "--cpus", container.cpus());
        option(command, "--workdir", launch.directory().toString());
        if (container.ceiling().memoryBytes() > 0) {
            option(command, "--memory", Long.toString(container.ceiling().memoryBytes()));
        }
        if (container.ceiling().processes() > 0) {
            option(command, "--pids-limit", Integer.toString(container.ceiling().processes()));
        }
        if (launch.limits().openFiles() > 0) {
            option(command, "--ulimit", "nofile=" + launch.limits().openFiles());
        }
        if (launch.limits().dataBytes() > 0) {
            option(command, "--ulimit", "data=" + launch.limits().dataBytes());
        }
        if (container.readOnly()) {
            command.add("--read-only");
        }
        container.droppedCapabilities().forEach(capability -> option(command, "--cap-drop", capability));
        // Where the engine runs on this machine, the processes inside are seen from outside, and known by it.
        option(command, "--env", Marker.VARIABLE);
        new TreeMap<>(launch.environment())
                .forEach((name, value) -> option(command, "--env", isOfCli(name) ? name + "=" + value : name));
        command.addAll(container.options());
        return command;
    }

    /** What the program hands on by name, besides what it needs itself. */
    static Map<String, String> environment(Launch launch) {
        Map<String, String> environment = new TreeMap<>(launch.environment());
        environment.keySet().removeIf(ContainerRun::isOfCli);
        environment.putAll(ContainerCli.environment());
        return environment;
    }

    /** A variable that means something to the program itself is not set for it, and so cannot be handed on by name. */
    private static boolean isOfCli(String name) {
        return ContainerCli.isOfEngine(name) || ContainerCli.environment().containsKey(name);
    }

    private static boolean isMissingCommand(Launch launch, String part) {
        return part.isEmpty() && part.equals(launch.command().get(0));
    }

    private static String mount(Containment.Mount mount) {
        String type = mount.source().startsWith("/") ? "bind" : "volume";
        return "type=" + type + ",source=" + mount.source() + ",target=" + mount.target()
                + (mount.readOnly() ? ",readonly" : "");
    }

    private static void option(List<String> command, String name, String value) {
        if (!value.isEmpty()) {
            command.add(name);
            command.add(value);
        }
    }
}
