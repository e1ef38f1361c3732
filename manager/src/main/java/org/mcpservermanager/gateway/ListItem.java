package org.mcpservermanager.gateway;

import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.server.ServerId;

/**
 * A tool, prompt, resource or template of one server.
 *
 * @param own the name or URI the server knows
 * @param exposed the name or URI clients of the aggregate see
 * @param text raw JSON as clients of the aggregate see it: the server's own but for the name
 */
record ListItem(ServerId server, String own, String exposed, String text) {
    static ListItem of(ServerId server, ListKind kind, String own, String raw) {
        if (!kind.isRenamed()) {
            return new ListItem(server, own, own, raw);
        }
        String exposed = ExposedName.of(server, own);
        return new ListItem(server, own, exposed, RawJson.withMember(raw, kind.key(), JsonText.quote(exposed)));
    }
}
