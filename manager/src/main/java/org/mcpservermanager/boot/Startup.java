package org.mcpservermanager.boot;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.microprofile.config.ConfigProvider;
import org.mcpservermanager.config.ConfigReader;
import org.mcpservermanager.manage.rest.SpecReader;
import org.mcpservermanager.process.StateLock;
import org.mcpservermanager.security.AdminKey;
import org.mcpservermanager.security.Keys;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.supervision.FleetSettings;

/** Starts the manager with the application and ends it with the application. */
@Singleton
@jakarta.ejb.Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
public class Startup {
    @Resource
    private ManagedScheduledExecutorService timer;

    private Settings settings;
    private StateLock lock;
    private ConfigReader reader;
    private AdminKey keys;
    private ExecutorService workers;
    private Manager manager;
    private volatile boolean ready;

    @PostConstruct
    void start() {
        settings = Settings.from(ConfigProvider.getConfig());
        StateDirectory state = StateDirectory.open(settings.stateDirectory());
        workers = Workers.open();
        try {
            lock = StateLock.take(state.path());
            keys = AdminKey.in(state.path());
            reader = new ConfigReader(System.getenv(), java.nio.file.Path.of(System.getProperty("user.home")));
            Events events = new Events();
            FleetSettings fleet = new FleetSettings(
                    settings.startConcurrency(),
                    settings.checkConcurrency(),
                    Manager.PROFILE,
                    Manager.ASKABLE,
                    Map.of());
            manager = new Manager(settings, lock, fleet, events, (server, wish) -> {}, workers, timer);
            manager.servers().add(java.util.List.of(DemoServer.spec(state)));
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
        ready = true;
    }

    @PreDestroy
    void end() {
        ready = false;
        manager.close();
        workers.shutdown();
        try {
            lock.close();
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    public Manager manager() {
        return manager;
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

    public SpecReader specs() {
        return reader::entry;
    }
}
