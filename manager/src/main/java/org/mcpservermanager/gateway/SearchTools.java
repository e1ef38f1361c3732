package org.mcpservermanager.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.conversation.Exchange;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;
import org.mcpservermanager.protocol.RpcError;
import org.mcpservermanager.routing.Readdressed;

/** Three tools in place of all, for clients whose context is small; whatever else is asked for goes to the endpoint itself. */
final class SearchTools {
    static final String SEARCH = "search_tools";
    static final String DESCRIBE = "describe_tool";
    static final String CALL = "call_tool";
    private static final int RESULTS_DEFAULT = 10;
    private static final int RESULTS_MAX = 50;
    private static final int WORDS_MAX = 20;
    private static final int DESCRIPTION_MAX = 300;
    private static final String LIST = "{\"tools\":["
            + "{\"name\":\"" + SEARCH
            + "\",\"description\":\"Finds tools by words of their names and descriptions. Returns"
            + " names and short descriptions, the best first. Search before you say that something cannot be done.\","
            + "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\",\"description\":\"words to"
            + " look for\"},\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":" + RESULTS_MAX + ",\"default\":"
            + RESULTS_DEFAULT + "}},\"required\":[\"query\"]},\"annotations\":{\"readOnlyHint\":true}},"
            + "{\"name\":\"" + DESCRIBE
            + "\",\"description\":\"Returns one tool in full, with the schema of its arguments.\","
            + "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"description\":\"a name that "
            + SEARCH + " returned\"}},\"required\":[\"name\"]},\"annotations\":{\"readOnlyHint\":true}},"
            + "{\"name\":\"" + CALL + "\",\"description\":\"Calls a tool that " + SEARCH
            + " returned and returns its result.\","
            + "\"inputSchema\":{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"arguments\":{\"type\":"
            + "\"object\",\"description\":\"as the tool's own schema says\"}},\"required\":[\"name\"]}}]}";

    private final Catalogue catalogue;

    SearchTools(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /** A request to a tool of a server. */
    interface Calls {
        Call call(Exchange exchange);
    }

    private record Found(ListItem item, int score) {}

    /** Empty when the request is none of these tools' business. */
    Optional<Call> request(Exchange exchange, Calls calls) {
        Message request = exchange.request();
        if (request.method().equals(Method.TOOLS_LIST)) {
            return Optional.of(answer(exchange, LIST));
        }
        if (!request.method().equals(Method.TOOLS_CALL)) {
            return Optional.empty();
        }
        String arguments = request.rawParam("arguments");
        return switch (request.param("name")) {
            case SEARCH -> Optional.of(answer(exchange, search(arguments)));
            case DESCRIBE -> Optional.of(answer(exchange, describe(RawJson.string(arguments, "name"))));
            case CALL -> Optional.of(call(exchange, arguments, calls));
            default -> Optional.empty();
        };
    }

    private Call call(Exchange exchange, String arguments, Calls calls) {
        String name = RawJson.string(arguments, "name");
        String inner = JsonText.member(arguments, "arguments");
        if (name.isEmpty() || !(inner.isEmpty() || inner.startsWith("{"))) {
            exchange.complete(Message.error(
                    exchange.request().id(),
                    RpcError.of(
                            RpcError.INVALID_PARAMS,
                            CALL + ": name must be a string and arguments an object (expected: {\"name\": \"...\","
                                    + " \"arguments\": {...}})")));
            return Call.DONE;
        }
        if (catalogue.list(ListKind.TOOLS).find(name).isEmpty()) {
            return answer(exchange, failed(unknown(name)));
        }
        Message request = exchange.request()
                .withParam("name", JsonText.quote(name))
                .withParam("arguments", inner.isEmpty() ? "{}" : inner);
        return calls.call(new Readdressed(exchange, request));
    }

    private String search(String arguments) {
        List<String> words = words(RawJson.string(arguments, "query"));
        List<Found> found = catalogue.list(ListKind.TOOLS).shown().stream()
                .map(item -> new Found(item, score(item, words)))
                .filter(one -> one.score() > 0 || words.isEmpty())
                .sorted(Comparator.comparing(Found::score).reversed())
                .toList();
        String tools = found.stream()
                .limit(limit(JsonText.member(arguments, "limit")))
                .map(one -> "{\"name\":" + JsonText.quote(one.item().exposed()) + ",\"description\":"
                        + JsonText.quote(shortened(RawJson.string(one.item().text(), "description"))) + "}")
                .collect(Collectors.joining(",", "[", "]"));
        String result = "{\"tools\":" + tools + ",\"total\":" + found.size() + "}";
        return "{\"content\":[{\"type\":\"text\",\"text\":" + JsonText.quote(result) + "}],\"structuredContent\":"
                + result + "}";
    }

    private String describe(String name) {
        return catalogue
                .list(ListKind.TOOLS)
                .find(name)
                .map(tool -> "{\"content\":[{\"type\":\"text\",\"text\":" + JsonText.quote(tool.text())
                        + "}],\"structuredContent\":" + tool.text() + "}")
                .orElseGet(() -> failed(unknown(name)));
    }

    /** A word counts for more in a name than in a description, and for most as a part of a name of its own. */
    private static int score(ListItem item, List<String> words) {
        String name = item.exposed().toLowerCase(Locale.ROOT);
        List<String> parts = words(name);
        String description = (RawJson.string(item.text(), "title") + " " + RawJson.string(item.text(), "description"))
                .toLowerCase(Locale.ROOT);
        int score = 0;
        for (String word : words) {
            score += parts.contains(word) ? 8 : name.contains(word) ? 4 : 0;
            score += description.contains(word) ? 1 : 0;
        }
        return score;
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{Nd}]+"))
                .filter(word -> !word.isEmpty())
                .distinct()
                .limit(WORDS_MAX)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static int limit(String raw) {
        return raw.matches("[1-9][0-9]{0,3}") ? Math.min(RESULTS_MAX, Integer.parseInt(raw)) : RESULTS_DEFAULT;
    }

    private static String shortened(String text) {
        return text.length() <= DESCRIPTION_MAX ? text : text.substring(0, DESCRIPTION_MAX) + "...";
    }

    private static String unknown(String name) {
        return "There is no tool \"" + name + "\". Find names by " + SEARCH + ".";
    }

    private static String failed(String text) {
        return "{\"content\":[{\"type\":\"text\",\"text\":" + JsonText.quote(text) + "}],\"isError\":true}";
    }

    private static Call answer(Exchange exchange, String result) {
        exchange.complete(Message.result(exchange.request().id(), result));
        return Call.DONE;
    }
}
