package org.mcpservermanager.server;

/** What is watched of a server, each with the unit of its numbers. */
public enum Rule {
    MEMORY("bytes"),
    CPU("percent"),
    PROCESSES("processes"),
    OPEN_FILES("files"),
    ERROR_RATE("percent"),
    LATENCY("ms"),
    RESTARTS("restarts");

    private final String unit;

    Rule(String unit) {
        this.unit = unit;
    }

    public String unit() {
        return unit;
    }
}
