package org.mcpservermanager.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One container. The process that Java starts is only its runtime's client: the request to leave goes through the runtime, and the
 * tree is empty when the client has ended, no process that can be seen from here is left, and the runtime knows no such container
 * any more. A runtime that was told twice to remove one may say so while its processes are still being ended.
 */
final class ContainerEnclosure implements Enclosure {
    private static final long AGAIN_MILLIS = 500;

    private enum Removal {
        NONE,
        UNDER_WAY,
        FAILED,
        DONE
    }

    private final Containers containers;
    private final ContainerCli cli;
    private final String container;
    private final List<String> command;
    private final Map<String, String> environment;
    private final boolean group;
    private final AtomicReference<Removal> removal = new AtomicReference<>(Removal.NONE);
    /** The next three are touched in the keeper's thread only. */
    private boolean termSent;

    private boolean killed;
    private boolean clientGone;

    ContainerEnclosure(
            Containers containers,
            ContainerCli cli,
            String container,
            Grouping grouping,
            List<String> run,
            Map<String, String> environment) {
        this.containers = containers;
        this.cli = cli;
        this.container = container;
        this.environment = environment;
        group = grouping.isGroup();
        command = new ArrayList<>(grouping.prefix());
        command.addAll(run);
    }

    @Override
    public String name() {
        return "container";
    }

    @Override
    public List<String> command() {
        return command;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    /** The client's, which needs none. */
    @Override
    public Path directory() {
        return Path.of("/");
    }

    @Override
    public boolean isGroup() {
        return group;
    }

    @Override
    public boolean limitsItself() {
        return true;
    }

    @Override
    public boolean isOccupied() {
        return removal.get() != Removal.DONE;
    }

    @Override
    public void term(Duration grace, Runnable signals) {
        if (!termSent && !clientGone) {
            termSent = true;
            containers.stop(cli, container, grace);
        }
    }

    /** All that is seen is killed as well: the client may be what hangs, and the runtime may not answer. */
    @Override
    public void kill(Runnable signals) {
        if (clientGone) {
            remove(killed ? AGAIN_MILLIS : 0);
        } else if (!killed) {
            killed = true;
            containers.kill(cli, container);
            return;
        }
        signals.run();
    }

    @Override
    public void leaderGone() {
        clientGone = true;
        // What the killed client had asked for last may still come to be.
        remove(killed ? AGAIN_MILLIS : 0);
    }

    private void remove(long delayMillis) {
        Removal before = removal.get();
        if ((before == Removal.NONE || before == Removal.FAILED) && removal.compareAndSet(before, Removal.UNDER_WAY)) {
            containers.remove(cli, container, delayMillis, gone -> removal.set(gone ? Removal.DONE : Removal.FAILED));
        }
    }

    @Override
    public Optional<String> runtime() {
        return Optional.of(cli.program());
    }

    @Override
    public Optional<String> will() {
        return Optional.of("i " + container + " " + cli.program());
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(20);
    }
}
