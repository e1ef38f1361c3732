package org.mcpservermanager.security;

import jakarta.servlet.ServletRequest;

/** Who is asking: the outcome of authentication, put on the request by the filter. */
public sealed interface Caller {
    String ATTRIBUTE = Caller.class.getName();

    /** For logs, audit and for binding sessions to their owner. */
    String name();

    boolean may(Role needed);

    /** Nobody presented a credential. */
    record Anonymous() implements Caller {
        @Override
        public String name() {
            return "anonymous";
        }

        @Override
        public boolean may(Role needed) {
            return false;
        }
    }

    /** Somebody whose credential was verified. */
    record Known(String name, Role role) implements Caller {
        @Override
        public boolean may(Role needed) {
            return role.includes(needed);
        }
    }

    /** The caller of a request that went through the filter; anonymous when it did not. */
    static Caller of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Caller caller ? caller : new Anonymous();
    }
}
