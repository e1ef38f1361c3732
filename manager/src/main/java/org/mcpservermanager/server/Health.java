package org.mcpservermanager.server;

/** How well an instance answers; separate from its phase. */
public enum Health {
    UNKNOWN,
    HEALTHY,
    DEGRADED,
    UNHEALTHY,
    CRITICAL
}
