package org.mcpservermanager.demo;

import java.util.List;

/** What client and server agreed on. */
final class Session {
    static final List<String> REVISIONS = List.of("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25");
    static final List<String> LEVELS =
            List.of("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency");
    private volatile String revision = ""; // written by the reader thread
    private volatile Json.Obj client = Json.object(); // written by the reader thread
    private volatile int level = LEVELS.indexOf("info"); // written by the reader thread

    void open(String asked, Json.Obj capabilities) {
        client = capabilities;
        revision = REVISIONS.contains(asked) ? asked : REVISIONS.get(REVISIONS.size() - 1);
    }

    /** Empty before initialize. */
    String revision() {
        return revision;
    }

    boolean clientCan(String capability) {
        return client.has(capability);
    }

    /** Since 2025-11-25 a client may take only URLs; an empty capability means forms. */
    boolean clientTakesForms() {
        Json.Obj elicitation = client.object("elicitation");
        return client.has("elicitation") && (elicitation.members().isEmpty() || elicitation.has("form"));
    }

    void level(String name) throws RpcError {
        level = indexOf(name);
    }

    boolean logs(String name) throws RpcError {
        return indexOf(name) >= level;
    }

    private static int indexOf(String name) throws RpcError {
        int index = LEVELS.indexOf(name);
        if (index < 0) {
            throw RpcError.invalidParams("level: not one of " + LEVELS);
        }
        return index;
    }
}
