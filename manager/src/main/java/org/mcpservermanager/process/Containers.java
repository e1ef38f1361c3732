package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Containment;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.Text;

/** Containers for servers. Each is known by a label and a name of ours, since it does not die with the program that ran it. */
final class Containers implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Containers.class.getName());
    private static final Duration QUESTION = Duration.ofSeconds(10);
    private static final Duration ORDER = Duration.ofSeconds(60);
    private static final int THREADS = 4;
    private static final int USERS_FOUND_MAX = 1_000;
    private final Grouping grouping;
    private final ManagerId manager;
    private final String run;
    private final Map<String, ContainerCli> known = new ConcurrentHashMap<>();
    /** Images, each with a container whose user it knows. */
    private final Set<String> usersFound = ConcurrentHashMap.newKeySet();

    private final AtomicInteger number = new AtomicInteger();
    private final ScheduledThreadPoolExecutor orders;

    Containers(Grouping grouping, ManagerId manager, String run) {
        this.grouping = grouping;
        this.manager = manager;
        this.run = run;
        orders = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread made = new Thread(null, task, "mcp-containers-" + number.incrementAndGet(), 256 << 10);
            made.setDaemon(true);
            return made;
        });
    }

    /** Asks the runtime for the image first: what it would only write to stderr becomes a reason. */
    Enclosure enclose(Launch launch, Marker marker, Containment.Container container) {
        ContainerCli cli = cli(launch, container.runtime());
        Optional<String> image = imageId(launch, container, cli);
        image.ifPresent(id -> checkUser(launch, marker, container, cli, id));
        return new ContainerEnclosure(
                this,
                cli,
                ContainerRun.name(marker),
                grouping,
                ContainerRun.command(cli, container, launch, marker),
                ContainerRun.environment(launch));
    }

    private ContainerCli cli(Launch launch, String runtime) {
        ContainerCli found = known.get(runtime);
        if (found != null && CommandPath.isProgram(Path.of(found.program()))) {
            return found;
        }
        CommandPath path = new CommandPath(ContainerCli.environment(), Path.of("/"));
        List<String> names = runtime.isEmpty() ? List.of("podman", "docker") : List.of(runtime);
        ContainerCli cli = names.stream()
                .flatMap(name -> path.candidates(name).stream())
                .filter(CommandPath::isProgram)
                .findFirst()
                .map(program -> new ContainerCli(program.toString()))
                .orElseThrow(() -> SpawnFailure.refuse(
                        Problem.COMMAND_NOT_FOUND,
                        "container runtime \"" + Text.oneLine(String.join("\" or \"", names), 200)
                                + "\" was not found (looked in " + path.places() + "), server '" + launch.server()
                                + "'.",
                        "Install podman or docker, or set container.runtime to the path of one.",
                        false));
        known.put(runtime, cli);
        return cli;
    }

    /** A runtime tells of a user that the image does not know only when it runs something. Numbers need not be known to it. */
    private void checkUser(
            Launch launch, Marker marker, Containment.Container container, ContainerCli cli, String imageId) {
        if (container.user().matches("[0-9:]*") || usersFound.contains(imageId + container)) {
            return;
        }
        ContainerCli.Result trial = ask(cli, ContainerRun.trial(container, launch, marker));
        if (trial.isNoSuchUser()) {
            throw SpawnFailure.refuse(
                    Problem.USER_NOT_FOUND,
                    "container.user \"" + Text.oneLine(container.user(), 200) + "\" is not known to image \""
                            + Text.oneLine(container.image(), 200) + "\"; " + cli.program() + " says: " + trial.error()
                            + ", server '" + launch.server() + "'.",
                    "Name a user and group of the image's /etc/passwd and /etc/group, or give their numbers.",
                    false);
        }
        if (trial.code() < 0) {
            remove(cli, ContainerRun.trialName(marker), 0, gone -> {});
            return;
        }
        if (usersFound.size() >= USERS_FOUND_MAX) {
            usersFound.clear();
        }
        usersFound.add(imageId + container);
    }

    /** Empty when the image is yet to be fetched. */
    private static Optional<String> imageId(Launch launch, Containment.Container container, ContainerCli cli) {
        ContainerCli.Result found = ask(cli, List.of("image", "inspect", "--format", "{{.Id}}", container.image()));
        if (found.isDone()) {
            return Optional.of(found.output().strip());
        }
        String where = cli.program() + " says: " + found.error() + ", server '" + launch.server() + "'.";
        if (!found.isUnreachable() && found.isNoSuchThing()) {
            if (container.pull() == Containment.Pull.NEVER) {
                throw SpawnFailure.refuse(
                        Problem.IMAGE_NOT_FOUND,
                        "image \"" + Text.oneLine(container.image(), 200)
                                + "\" is not on this machine, and container.pull is" + " \"never\"; " + where,
                        "Pull it (" + cli.program() + " pull " + Text.oneLine(container.image(), 200)
                                + "), or set container.pull to \"missing\".",
                        false);
            }
            return Optional.empty();
        }
        boolean forbidden = found.isForbidden();
        throw SpawnFailure.refuse(
                Problem.CONTAINER_RUNTIME_UNAVAILABLE,
                "The container runtime does not work for user " + System.getProperty("user.name") + "; " + where,
                forbidden
                        ? "Give that user the right to use it, for example by the group docker, or use rootless podman."
                        : "Start its service; the server is started when it answers.",
                !forbidden);
    }

    private static ContainerCli.Result ask(ContainerCli cli, List<String> arguments) {
        return order(cli, QUESTION, arguments);
    }

    private static ContainerCli.Result order(ContainerCli cli, Duration limit, List<String> arguments) {
        try {
            return cli.run(limit, arguments);
        } catch (IOException failure) {
            return new ContainerCli.Result(-1, "", Text.oneLine(String.valueOf(failure.getMessage()), 300));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new ContainerCli.Result(-1, "", "interrupted");
        }
    }

    /** In another thread. */
    void stop(ContainerCli cli, String name, Duration grace) {
        String seconds = Long.toString(Math.max(1, grace.toSeconds()));
        later(0, () -> {
            ContainerCli.Result result = order(cli, ORDER.plus(grace), List.of("stop", "-t", seconds, name));
            LOG.log(Level.FINE, () -> "stop of container " + name + ": " + result);
        });
    }

    /** In another thread: all of it ends now. While podman is told to stop one, rm forgets it and lets its processes live. */
    void kill(ContainerCli cli, String name) {
        later(0, () -> {
            ContainerCli.Result result = order(cli, ORDER, List.of("kill", name));
            LOG.log(Level.FINE, () -> "kill of container " + name + ": " + result);
            forceRemoval(cli, name);
        });
    }

    private static ContainerCli.Result forceRemoval(ContainerCli cli, String name) {
        return order(cli, ORDER, List.of("rm", "--force", "--volumes", name));
    }

    /** In another thread; the answer says whether it is certain that there is no such container any more. */
    void remove(ContainerCli cli, String name, long delayMillis, Consumer<Boolean> answer) {
        boolean accepted = later(delayMillis, () -> {
            ContainerCli.Result result = forceRemoval(cli, name);
            boolean gone = result.isDone() || (!result.isUnreachable() && result.isNoSuchThing());
            if (!gone) {
                LOG.warning(() ->
                        "container " + name + " is not removed yet; " + cli.program() + " says: " + result.error());
            }
            answer.accept(gone);
        });
        if (!accepted) {
            answer.accept(false);
        }
    }

    /** In another thread: all that earlier lives of this manager left with that runtime. */
    void removeLeftovers(ContainerCli cli, Predicate<String> kept, Consumer<Boolean> answer) {
        boolean accepted = later(0, () -> answer.accept(removeLeftovers(cli, kept)));
        if (!accepted) {
            answer.accept(false);
        }
    }

    /** Containers with our label. */
    private ContainerCli.Result list(ContainerCli cli, String... filters) {
        List<String> order = new ArrayList<>(List.of("ps", "--all", "--format", "{{.Names}}"));
        order.addAll(List.of("--filter", "label=" + ContainerRun.LABEL_MANAGER + "=" + manager));
        for (String filter : filters) {
            order.addAll(List.of("--filter", filter));
        }
        return ask(cli, order);
    }

    /** Whether it has our label and runs; false when its runtime does not say so. */
    boolean isRunning(ContainerCli cli, String name) {
        ContainerCli.Result listed = list(cli, "name=" + name, "status=running");
        boolean found = listed.output().lines().map(String::strip).anyMatch(name::equals);
        if (!found) {
            LOG.warning(() -> "container " + name + " of an earlier run of the manager is not taken over; "
                    + cli.program() + " says: "
                    + (listed.isDone() ? "it does not run" : listed.error()));
        }
        return found;
    }

    /** One that runs, for whom it is to be ended by. */
    Enclosure existing(ContainerCli cli, String name) {
        return new ContainerEnclosure(this, cli, name, grouping, List.of(), Map.of());
    }

    private boolean removeLeftovers(ContainerCli cli, Predicate<String> kept) {
        ContainerCli.Result listed = list(cli);
        List<String> left = listed.output()
                .lines()
                .map(String::strip)
                .filter(name -> name.startsWith("mcp-") && !ContainerRun.isOfRun(name, run))
                .filter(kept.negate())
                .toList();
        boolean all = listed.isDone();
        for (String name : left) {
            order(cli, ORDER, List.of("kill", name));
            ContainerCli.Result removed = forceRemoval(cli, name);
            boolean gone = removed.isDone() || removed.isNoSuchThing();
            all &= gone;
            LOG.log(
                    gone ? Level.INFO : Level.WARNING,
                    () -> "container " + name + " of an earlier run of the manager "
                            + (gone ? "was removed" : "could not be removed: " + removed.error()));
        }
        if (!listed.isDone()) {
            LOG.warning(() -> "containers of an earlier run cannot be looked for; " + cli.program() + " says: "
                    + listed.error() + " The next start of the manager tries again.");
        }
        return all;
    }

    private boolean later(long delayMillis, Runnable order) {
        try {
            orders.schedule(order, delayMillis, TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    /** The program that {@link #enclose} used. */
    String program(Containment.Container container) {
        return known.get(container.runtime()).program();
    }

    @Override
    public void close() {
        orders.shutdownNow();
    }
}
