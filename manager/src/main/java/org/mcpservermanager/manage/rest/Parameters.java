package org.mcpservermanager.manage.rest;

import java.util.regex.Pattern;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/** Texts of a URL become values, or a refusal that names them. */
final class Parameters {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private Parameters() {}

    /** An id that no server can have is the id of no server. */
    static ServerId server(String id) {
        if (!ServerId.isValid(id)) {
            throw Problems.serverNotFound(id);
        }
        return new ServerId(id);
    }

    static boolean flag(String name, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw Problems.invalid(
                        name + ": \"" + Text.oneLine(text, 40) + "\" (expected: true or false)",
                        "Correct the query parameter.");
        };
    }

    static int number(String name, String text, int max) {
        int number = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
        if (number < 1 || number > max) {
            throw Problems.invalid(
                    name + ": \"" + Text.oneLine(text, 40) + "\" (expected: 1 to " + max + ")",
                    "Correct the query parameter.");
        }
        return number;
    }
}
