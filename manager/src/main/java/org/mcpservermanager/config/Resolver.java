package org.mcpservermanager.config;

/** Texts of one entry, with the variables in them resolved. */
record Resolver(Fields fields, Variables variables) {
    /** @param name the key, as the operator wrote it */
    String resolve(String text, String name) {
        String resolved = variables.resolve(text, fields.path(name), fields.report());
        if (resolved.indexOf(0) >= 0) {
            fields.report().error(fields.path(name), "contains a NUL character (expected: none)", "Remove it.");
        }
        return resolved;
    }
}
