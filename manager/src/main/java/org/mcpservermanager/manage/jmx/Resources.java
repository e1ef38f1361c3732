package org.mcpservermanager.manage.jmx;

import org.mcpservermanager.server.Usage;

/** What a server uses, in one piece, so that its numbers belong to the same moment. Public getters are what MXBeans show. */
public final class Resources {
    private final Usage usage;

    Resources(Usage usage) {
        this.usage = usage;
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

    public int getZombies() {
        return usage.zombies();
    }
}
