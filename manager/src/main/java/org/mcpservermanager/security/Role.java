package org.mcpservermanager.security;

/** What a caller may do. VIEWER is part of OPERATOR, OPERATOR of ADMIN; CALLER (MCP traffic) stands beside them, and ADMIN has it too. */
public enum Role {
    CALLER,
    VIEWER,
    OPERATOR,
    ADMIN;

    public boolean includes(Role needed) {
        return switch (this) {
            case ADMIN -> true;
            case OPERATOR -> needed == OPERATOR || needed == VIEWER;
            case VIEWER, CALLER -> needed == this;
        };
    }
}
