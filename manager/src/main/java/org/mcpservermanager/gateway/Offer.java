package org.mcpservermanager.gateway;

/**
 * A tool, prompt, resource or template, as its server lists it.
 *
 * @param own its name or URI
 * @param raw JSON
 */
record Offer(String own, String raw) {}
