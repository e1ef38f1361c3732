package org.mcpservermanager.manage.jmx;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.management.openmbean.CompositeData;
import org.mcpservermanager.manage.ServerJson;
import org.mcpservermanager.server.Usage;

/** What a server uses, in one piece, so that its numbers belong to the same moment. Public getters are what MXBeans show. */
public final class Resources {
    private final Usage usage;

    Resources(Usage usage) {
        this.usage = usage;
    }

    /** What Java's typed proxies of remote beans call. */
    public static Resources from(CompositeData data) {
        return new Resources(new Usage(
                (Long) data.get("memoryBytes"),
                Duration.ofMillis((Long) data.get("cpuTimeMs")),
                (Double) data.get("cpuPercent"),
                (Integer) data.get("processes"),
                (Integer) data.get("threads"),
                (Integer) data.get("openFiles"),
                (Integer) data.get("sockets"),
                (Integer) data.get("zombies"),
                Optional.empty(),
                Usage.Source.valueOf(((String) data.get("source")).toUpperCase(Locale.ROOT))));
    }

    public long getMemoryBytes() {
        return usage.memoryBytes();
    }

    public double getCpuPercent() {
        return usage.cpuPercent();
    }

    public long getCpuTimeMs() {
        return usage.cpuTime().toMillis();
    }

    public int getProcesses() {
        return usage.processes();
    }

    public int getThreads() {
        return usage.threads();
    }

    public int getOpenFiles() {
        return usage.openFiles();
    }

    public int getSockets() {
        return usage.sockets();
    }

    public int getZombies() {
        return usage.zombies();
    }

    /** Who told: what that cannot see is negative. */
    public String getSource() {
        return ServerJson.word(usage.source());
    }
}
