package org.mcpservermanager.manage.jmx;

import java.util.List;

/** One server. The same words and numbers as in REST; operations post the wish and return the phase at that moment. */
@Described("A server that the manager looks after")
public interface ServerMXBean {
    @Described(
            "Where it is in its life: disabled, stopped, starting, running, stopping, backoff, parked, fatal, exited, recovering")
    String getPhase();

    @Described("What the operator wants of it: up or down")
    String getWish();

    @Described("How well it answers: unknown, healthy, degraded, unhealthy, critical")
    String getHealth();

    @Described("What is wrong with it, in words; empty when nothing is")
    List<String> getHealthIssues();

    @Described("Process id of the running copy; 0 without a process")
    long getPid();

    @Described("Number of launches; grows with every start")
    long getGeneration();

    @Described("Milliseconds since the running copy was started; 0 without one")
    long getUptimeMs();

    @Described("Starts that nobody asked for, since the manager started")
    long getRestartCount();

    @Described("Requests of clients, since the manager started")
    long getRequests();

    @Described("Requests that ended in an error, since the manager started")
    long getErrors();

    @Described("Requests that wait for an answer now")
    int getInFlight();

    @Described("Why the last copy failed; empty when none did")
    String getLastError();

    @Described("What all processes of the server use, as last measured; -1 for what is not known")
    Resources getResources();

    @Described("Starts the server; returns at once with its phase, progress is notified")
    String start();

    @Described("Stops the server; returns at once with its phase, progress is notified")
    String stop(@Described(name = "force", value = "true: kill it without waiting for open requests") boolean force);

    @Described("Stops and starts the server; returns at once with its phase, progress is notified")
    String restart();
}
