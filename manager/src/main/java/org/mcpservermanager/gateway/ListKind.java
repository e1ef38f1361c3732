package org.mcpservermanager.gateway;

import java.util.Arrays;
import java.util.List;
import org.mcpservermanager.protocol.Method;

/** The lists a server offers. */
enum ListKind {
    TOOLS("tools", Method.TOOLS_LIST, "name", "tools"),
    PROMPTS("prompts", Method.PROMPTS_LIST, "name", "prompts"),
    RESOURCES("resources", Method.RESOURCES_LIST, "uri", "resources"),
    TEMPLATES("resourceTemplates", Method.RESOURCES_TEMPLATES_LIST, "uriTemplate", "resources");

    private final String member;
    private final String method;
    private final String key;
    private final String capability;

    ListKind(String member, String method, String key, String capability) {
        this.member = member;
        this.method = method;
        this.key = key;
        this.capability = capability;
    }

    /** The member of the result that holds the list. */
    String member() {
        return member;
    }

    String method() {
        return method;
    }

    /** The member of an item that tells it from others. */
    String key() {
        return key;
    }

    /** What a server declares that has such a list. */
    String capability() {
        return capability;
    }

    /** Whether items are named by the server alone, so that the aggregate has to tell equal names apart. */
    boolean isRenamed() {
        return this == TOOLS || this == PROMPTS;
    }

    String changedMethod() {
        return "notifications/" + capability + "/list_changed";
    }

    /** The lists that this notification is about. */
    static List<ListKind> changedBy(String method) {
        return Arrays.stream(values())
                .filter(kind -> kind.changedMethod().equals(method))
                .toList();
    }
}
