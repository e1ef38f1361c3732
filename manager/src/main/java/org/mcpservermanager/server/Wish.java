package org.mcpservermanager.server;

/** What the operator wants of a server now. */
public enum Wish {
    UP,
    DOWN
}
