package org.mcpservermanager.gateway;

/**
 * An HTTP request to an MCP endpoint, free of the container. Absent headers are empty.
 *
 * @param endpoint what its address stands for
 * @param caller name of the authenticated caller
 */
record Incoming(String method, Endpoint endpoint, String caller, Headers headers, byte[] body) {

    /** The headers MCP knows. */
    record Headers(String contentType, String accept, String sessionId, String protocolVersion, String lastEventId) {}

    Incoming with(byte[] content) {
        return new Incoming(method, endpoint, caller, headers, content);
    }

    boolean acceptsJson() {
        return accepts("application/json", "application/*");
    }

    boolean acceptsEvents() {
        return accepts("text/event-stream", "text/*");
    }

    boolean isJson() {
        String type = headers.contentType();
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase("application/json");
    }

    private boolean accepts(String type, String range) {
        String accept = headers.accept();
        if (accept.isEmpty()) {
            return true;
        }
        for (int from = 0; from <= accept.length(); ) {
            int comma = accept.indexOf(',', from);
            int to = comma < 0 ? accept.length() : comma;
            int semicolon = accept.indexOf(';', from);
            String one = accept.substring(from, semicolon >= 0 && semicolon < to ? semicolon : to)
                    .strip();
            if (one.equalsIgnoreCase(type) || one.equalsIgnoreCase(range) || one.equals("*/*")) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }
}
