package org.mcpservermanager.server;

/** What an endpoint over several servers does about servers that name things alike. */
public enum Naming {
    /** Every name carries its server's id, so none meets another. */
    PREFIX,
    /** Names stay; one that several servers have is the first server's. */
    PRIORITY,
    /** Names stay; one that several servers have is nobody's. */
    NONE
}
