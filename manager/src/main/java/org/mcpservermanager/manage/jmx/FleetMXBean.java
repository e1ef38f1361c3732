package org.mcpservermanager.manage.jmx;

import java.util.List;

/** All servers. Operations post the wish and return the phases at that moment. */
@Described("All servers of the manager")
public interface FleetMXBean {
    @Described("Ids of the servers, in their order")
    List<String> getServerIds();

    @Described("Servers there are")
    int getServers();

    @Described("Servers that are running")
    int getRunning();

    @Described("Servers that are starting, or wait for their next attempt")
    int getStarting();

    @Described("Servers that failed and are not tried again by themselves")
    int getFailed();

    @Described("Requests that wait for an answer now")
    int getInFlight();

    @Described("Requests of clients, since the manager started")
    long getRequests();

    @Described("Requests that ended in an error, since the manager started")
    long getErrors();

    @Described("Starts that nobody asked for, since the manager started")
    long getRestartCount();

    @Described("Starts every server that is not disabled; returns at once")
    void startAll();

    @Described("Stops every server; returns at once")
    void stopAll(@Described(name = "force", value = "true: kill them without waiting for open requests") boolean force);

    @Described("What was wrong with the configuration file when it was last read")
    List<String> getConfigurationProblems();

    @Described("Reads the configuration file again and does what it says; servers start and stop after that")
    void reloadConfiguration();

    @Described("Stops and starts every server that is not disabled; returns at once")
    void restartAll();
}
