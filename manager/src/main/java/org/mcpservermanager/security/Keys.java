package org.mcpservermanager.security;

import java.util.Optional;

/** The credentials that are known. */
public interface Keys {
    /** Who presents this token; empty when it is not one of ours. Takes the same time for every wrong token of a length. */
    Optional<Caller.Known> callerOf(String token);
}
