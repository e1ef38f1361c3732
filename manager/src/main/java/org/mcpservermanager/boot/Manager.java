package org.mcpservermanager.boot;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.config.ConfigReader;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.gateway.Gateway;
import org.mcpservermanager.gateway.GatewayParts;
import org.mcpservermanager.gateway.GatewaySettings;
import org.mcpservermanager.gateway.SessionBook;
import org.mcpservermanager.gateway.modern.Seal;
import org.mcpservermanager.manage.alert.Webhook;
import org.mcpservermanager.manage.jmx.Beans;
import org.mcpservermanager.manage.push.EventHub;
import org.mcpservermanager.process.BaseEnvironment;
import org.mcpservermanager.process.PosixLauncher;
import org.mcpservermanager.process.StateLock;
import org.mcpservermanager.protocol.Product;
import org.mcpservermanager.routing.FleetRouter;
import org.mcpservermanager.routing.Groups;
import org.mcpservermanager.routing.MessageRelay;
import org.mcpservermanager.routing.RouterRelay;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Group;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.stream.EventStreams;
import org.mcpservermanager.supervision.Eras;
import org.mcpservermanager.supervision.FleetSettings;
import org.mcpservermanager.supervision.ProcessLaunches;
import org.mcpservermanager.supervision.ResourceWatch;
import org.mcpservermanager.supervision.Servers;
import org.mcpservermanager.supervision.Wishes;

/** The running manager: every part built once, in the order of the arrows, and ended in the opposite order. */
public final class Manager implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Manager.class.getName());
    static final Profile PROFILE = new Profile("2025-11-25", "{}", Product.INFO, false);
    static final Profile ASKABLE = new Profile(
            PROFILE.protocolVersion(),
            "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{}}",
            PROFILE.clientInfo(),
            true);

    /** Half of the request threads that Payara has by default. */
    private static final int BODY_THREADS_OF_GRIZZLY = 100;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final PosixLauncher launcher;
    private final Servers servers;
    private final Supplier<Rehearsal> rehearsal;
    private final MessageRelay relay;
    private final Gateway endpoints;
    private final Group all;
    private final GatewayParts gateway;
    private final EventStreams streams;
    private final EventHub hub;
    private final ConfigFile configuration;

    Manager(
            Settings settings,
            StateLock lock,
            FleetSettings fleet,
            Events events,
            Wishes wishes,
            ConfigReader reader,
            SessionBook sessions,
            ExecutorService executor,
            ScheduledExecutorService timer)
            throws IOException {
        launcher = opened(PosixLauncher.open(lock));
        LOG.info(() -> "processes are held together by: " + launcher.containment() + "; left over from before: "
                + launcher.leftovers());
        ProcessLaunches launches = new ProcessLaunches(
                BaseEnvironment.ofThisJvm(), settings.stateDirectory().resolve("servers"));
        Eras eras = Eras.in(settings.stateDirectory().resolve("eras"));
        servers = opened(Servers.open(fleet, launches, launcher, eras, events, wishes, executor, timer));
        rehearsal = () -> {
            Events unheard = new Events();
            Servers stage = Servers.open(fleet, launches, launcher, unheard, (server, wish) -> {}, executor, timer);
            return Rehearsal.begin(stage, unheard, Rehearsal.SPEC, executor, timer);
        };
        opened(ResourceWatch.start(servers, launcher, executor, timer, settings.sampleEvery()));
        FleetRouter router = new FleetRouter(servers, events, PROFILE, settings.restartGrace(), Clock.systemUTC());
        relay = new RouterRelay(servers, router, PROFILE);
        GatewaySettings limits = settings.gateway().blocking(isGrizzly() ? BODY_THREADS_OF_GRIZZLY : 0);
        streams = opened(new EventStreams(limits.streams(), timer));
        all = settings.all();
        Seal seal = opened(new SealKeys(settings.sealKeys(), timer)).seal();
        endpoints = opened(new Gateway(router, events, timer, limits, sessions, List.of(all), seal));
        gateway = opened(new GatewayParts(endpoints, streams, timer));
        hub = opened(new EventHub(events, executor));
        settings.alertWebhook().ifPresent(url -> opened(new Webhook(events, url, executor, timer)));
        configuration = opened(
                new ConfigFile(settings.configFile(), reader, servers, this::regroup, events, Clock.systemUTC()));
        opened(new Beans(servers, configuration, events, ManagementFactory.getPlatformMBeanServer(), executor));
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    private static boolean isGrizzly() {
        return System.getProperty("com.sun.aas.instanceRoot") != null;
    }

    Servers servers() {
        return servers;
    }

    /** The servers that the manager starts with. */
    void add(List<ServerSpec> first) {
        servers.add(first);
        launcher.endSurvivors();
        boolean isIdle = servers.servers().stream().noneMatch(server -> server.wish() == Wish.UP);
        if (isIdle && Rehearsal.isPossible()) {
            opened(rehearsal.get());
        }
    }

    MessageRelay relay() {
        return relay;
    }

    GatewayParts gateway() {
        return gateway;
    }

    Groups groups() {
        return endpoints;
    }

    /** Other groups from now on, besides the one of all servers. */
    void regroup(List<Group> groups) {
        List<Group> whole = new ArrayList<>(groups);
        whole.add(all);
        endpoints.regroup(whole);
    }

    EventStreams streams() {
        return streams;
    }

    EventHub hub() {
        return hub;
    }

    ConfigFile configuration() {
        return configuration;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception failure) {
                LOG.log(
                        Level.WARNING,
                        "ending " + part.getClass().getSimpleName() + " failed; going on with the rest",
                        failure);
            }
        }
    }
}
