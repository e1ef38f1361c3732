package org.mcpservermanager.gateway;

import org.mcpservermanager.protocol.JsonText;

/**
 * A tool, prompt, resource or template, as its server lists it.
 *
 * @param own its name or URI
 * @param raw JSON
 */
record Offer(String own, String raw) {
    /** Of a tool: whether it says of itself that running twice does no harm. */
    boolean isHarmless() {
        String annotations = JsonText.member(raw, "annotations");
        return !annotations.isEmpty()
                && (JsonText.member(annotations, "readOnlyHint").equals("true")
                        || JsonText.member(annotations, "idempotentHint").equals("true"));
    }
}
