package org.mcpservermanager.gateway;

import org.mcpservermanager.server.ServerId;

/**
 * A tool, prompt, resource or template of one server.
 *
 * @param own the name or URI the server knows
 * @param exposed the name or URI clients of the endpoint see
 * @param text raw JSON as clients of the endpoint see it: the server's own but for name and description
 */
record ListItem(ServerId server, String own, String exposed, String text) {}
