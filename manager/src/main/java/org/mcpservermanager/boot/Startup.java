package org.mcpservermanager.boot;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.mcpservermanager.config.ConfigReader;
import org.mcpservermanager.custom.CustomCheck;
import org.mcpservermanager.custom.CustomServer;
import org.mcpservermanager.logs.ServerLogs;
import org.mcpservermanager.manage.rest.Records;
import org.mcpservermanager.manage.rest.SpecReader;
import org.mcpservermanager.process.StateLock;
import org.mcpservermanager.security.AdminKey;
import org.mcpservermanager.security.Keys;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.store.Drivers;
import org.mcpservermanager.store.HistoryWriter;
import org.mcpservermanager.store.Migrations;
import org.mcpservermanager.store.Store;
import org.mcpservermanager.supervision.Customs;
import org.mcpservermanager.supervision.Fleet;
import org.mcpservermanager.supervision.FleetSettings;

/** Starts the manager with the application and ends it with the application. */
@Singleton
@jakarta.ejb.Startup
@DependsOn("Store")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
public class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class.getName());

    @Resource(lookup = Store.DATA_SOURCE)
    private DataSource database;

    @EJB
    private Store store;

    @Inject
    private jakarta.enterprise.event.Event<Event> observers;

    @Inject
    @Any
    private Instance<CustomServer> customServers;

    @Inject
    @Any
    private Instance<CustomCheck> customChecks;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private Settings settings;
    private Drafts drafts;
    private AdminKey keys;
    private Manager manager;
    private Fleet fleet;
    private ScheduledExecutorService timer;
    private volatile boolean ready;

    @PostConstruct
    synchronized void start() {
        try {
            open();
            ready = true;
        } catch (IOException | RuntimeException failure) {
            end();
            throw failure instanceof RuntimeException known ? known : new UncheckedIOException((IOException) failure);
        }
    }

    private void open() throws IOException {
        settings = Settings.from(ConfigProvider.getConfig());
        StateDirectory state = StateDirectory.open(settings.stateDirectory());
        StateLock lock = opened(StateLock.take(state.path()));
        keys = AdminKey.in(state.path());
        opened(Drivers::forget);
        opened(PayaraShutdown.listen(this::end));
        Migrations.run(database);
        store.closeDeployments(Instant.now());
        ExecutorService workers = Workers.open();
        opened(workers::shutdown);
        timer = Workers.openTimer();
        opened(timer::shutdownNow);
        workers.execute(Preload::allClasses);
        Events events = new Events();
        StoredWishes wishes = opened(new StoredWishes(store, Workers.openOne("mcp-wishes"), timer));
        StoredDeployments deployments =
                opened(new StoredDeployments(store, this::endpoint, Workers.openOne("mcp-deployments"), timer));
        events.subscribe(deployments::on);
        opened(ServerLogs.open(
                state.path().resolve("logs"), settings.logs(), events, Clock.systemUTC(), Workers.openOne("mcp-logs")));
        HistoryWriter history = opened(new HistoryWriter(store::appendHistory, Workers.openOne("mcp-history"), timer));
        events.subscribe(history);
        opened(CdiEvents.open(events, workers, observers));
        FleetSettings limits = new FleetSettings(
                        settings.startConcurrency(),
                        settings.checkConcurrency(),
                        Manager.PROFILE,
                        Manager.ASKABLE,
                        store.wishes())
                .with(settings.ports())
                .with(new Customs(
                        new BeanShelf<>(customServers), new BeanShelf<>(customChecks), Workers.threads("mcp-custom")));
        StoredSessions sessions = opened(
                new StoredSessions(new SessionTable(store), Workers.openOne("mcp-sessions"), timer, Clock.systemUTC()));
        ConfigReader reader = new ConfigReader(System.getenv(), Path.of(System.getProperty("user.home")));
        drafts = new Drafts(reader);
        manager = opened(new Manager(settings, lock, limits, events, wishes, reader, sessions, workers, timer));
        fleet = new DurableFleet(manager.servers(), new StoredDefinitions(store), drafts);
        FirstServers first = new FirstServers()
                .addDefinitions(store.definitions(), drafts)
                .addFile(manager.configuration().first())
                .addDemo(settings, state);
        manager.regroup(first.groups());
        manager.add(first.all());
        manager.configuration().watch(timer, workers, settings.configEvery());
    }

    private URI endpoint(ServerId server) {
        return URI.create(settings.publicUrl() + "/servers/" + server + "/mcp");
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    @PreDestroy
    synchronized void end() {
        ready = false;
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception failure) {
                LOG.log(Level.WARNING, "ending a part of the manager failed; going on with the rest", failure);
            }
        }
    }

    public Manager manager() {
        return manager;
    }

    public Fleet fleet() {
        return fleet;
    }

    public Settings settings() {
        return settings;
    }

    public ScheduledExecutorService timer() {
        return timer;
    }

    public Keys keys() {
        return keys;
    }

    public boolean isReady() {
        return ready;
    }

    public Records records() {
        return new StoredRecords(store);
    }

    public SpecReader specs() {
        return drafts;
    }
}
