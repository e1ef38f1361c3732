package org.mcpservermanager.supervision;

import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Wish;

/** Keeps the wishes of the operator over a restart of the manager. Must not block for long, must not throw. */
@FunctionalInterface
public interface Wishes {
    void save(ServerId server, Wish wish);
}
