package org.mcpservermanager.config;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads which user of this machine a process runs as. */
final class UserReader {
    private static final Pattern FORM = Pattern.compile("[^\\s:-][^\\s:]*(:[^\\s:-][^\\s:]*)?");

    private UserReader() {}

    /** Empty: the manager's. */
    static String read(Fields fields, Variables variables) {
        Optional<Fields.Found> found = fields.find(Key.USER);
        if (found.isEmpty()) {
            return "";
        }
        String path = fields.path(found.get().name());
        String user = fields.text(Key.USER)
                .map(text -> variables.resolve(text, path, fields.report()))
                .orElse("");
        if (!fields.report().hasErrors() && !FORM.matcher(user).matches()) {
            fields.report()
                    .error(
                            path,
                            "\"" + Report.shown(user) + "\" (expected: a user, or USER:GROUP, by name or number)",
                            "Correct the value.");
        }
        if (fields.has(Key.CONTAINER)) {
            // not a warning: who believes it would have the server run as somebody else
            fields.report()
                    .error(
                            path,
                            "given, while the server runs in a container (expected: container.user)",
                            "Move it into \"container\".");
        }
        return user;
    }
}
