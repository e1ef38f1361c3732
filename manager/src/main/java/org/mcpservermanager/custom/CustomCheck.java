package org.mcpservermanager.custom;

import java.util.Optional;

/**
 * A health check of any server, custom or not: a CDI bean with a name. The entry of a server names it by {@code "health": {"kind":
 * "custom", "bean": "disk"}}. Each copy of the server is checked by itself, so that it may be called at the same time by several
 * threads; a bean of scope {@code @Dependent} is made anew for each check.
 */
public interface CustomCheck {
    /**
     * Looks once. Interrupted after {@code health_check_timeout}, which counts as a failed check.
     *
     * @param server the id of the server in the configuration
     * @return what is wrong with it, in words; empty when nothing is
     * @throws Exception as if its message had been returned
     */
    Optional<String> check(String server) throws Exception;
}
