package org.mcpservermanager.gateway.modern;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.Method;

/**
 * What {@code requestState} says: which call waits for the retry, and enough to run it again where that is safe.
 *
 * @param place where the call waits; empty when none does
 * @param subject digest of what was requested, and by whom
 * @param history answers that were given, by key
 * @param asked digests of the questions that were put last, by key
 * @param expiry epoch milliseconds
 */
record CallState(
        String place, String subject, int round, Map<String, Given> history, Map<String, String> asked, long expiry) {
    /** With longer answers the history is left out: such a call cannot be run again once it is gone. */
    private static final int TEXT_MAX = 64 << 10;

    /**
     * @param question digest of the question
     * @param answer raw JSON
     */
    record Given(String question, String answer) {}

    /** What a state is bound to: it is worth nothing with another request or for another principal. */
    static String subject(String server, Message request, String principal) {
        String name = request.method().equals(Method.RESOURCES_READ) ? request.param("uri") : request.param("name");
        String content = "[" + JsonText.quote(server) + "," + JsonText.quote(request.method()) + ","
                + JsonText.quote(name) + "," + JsonText.quote(principal) + ","
                + JsonText.quote(Canonical.of(request.rawParam("arguments"))) + "]";
        return Seal.Sha256.text("subject", content);
    }

    String seal(Seal seal) {
        String text = toJson(true);
        return seal.close(text.length() <= TEXT_MAX ? text : toJson(false));
    }

    /** Empty unless it is ours, not expired, and about this subject. */
    static Optional<CallState> open(Seal seal, String sealed, String subject, long nowMillis) {
        return seal.open(sealed)
                .map(CallState::of)
                .filter(state -> state.expiry() > nowMillis && state.subject().equals(subject));
    }

    private String toJson(boolean withHistory) {
        RawObject given = RawObject.of("");
        if (withHistory) {
            history.forEach((key, each) ->
                    given.put(key, "{\"q\":" + JsonText.quote(each.question()) + ",\"a\":" + each.answer() + "}"));
        }
        RawObject open = RawObject.of("");
        asked.forEach((key, digest) -> open.put(key, JsonText.quote(digest)));
        return RawObject.of("")
                .put("x", JsonText.quote(place))
                .put("b", JsonText.quote(subject))
                .put("n", Integer.toString(round))
                .put("h", given.toString())
                .put("q", open.toString())
                .put("e", Long.toString(expiry))
                .toString();
    }

    private static CallState of(String json) {
        RawObject all = RawObject.of(json);
        Map<String, Given> history = new LinkedHashMap<>();
        RawObject.of(all.get("h")).members().forEach((key, raw) -> {
            RawObject each = RawObject.of(raw);
            history.put(key, new Given(each.text("q"), each.get("a")));
        });
        Map<String, String> asked = new LinkedHashMap<>();
        RawObject.of(all.get("q")).members().forEach((key, raw) -> asked.put(key, JsonText.unquote(raw)));
        return new CallState(
                all.text("x"),
                all.text("b"),
                Integer.parseInt(all.get("n")),
                history,
                asked,
                Long.parseLong(all.get("e")));
    }
}
