package org.mcpservermanager.gateway.modern;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mcpservermanager.protocol.JsonText;
import org.mcpservermanager.protocol.Message;

/**
 * What a server wants done in a browser before it is called again. It gave the call up: nothing is parked, the retry calls again.
 *
 * @param requests as input requests, raw JSON
 */
record UrlsWanted(String requests) {
    private static final int URL_ELICITATION_REQUIRED = -32042;

    static Optional<UrlsWanted> of(Message response) {
        if (response.kind() != Message.Kind.ERROR) {
            return Optional.empty();
        }
        RawObject error = RawObject.of(response.error());
        String data = error.get("data");
        String wanted = RawObject.isObject(data) ? RawObject.of(data).get("elicitations") : "";
        if (Translation.code(error) != URL_ELICITATION_REQUIRED || !wanted.startsWith("[")) {
            return Optional.empty();
        }
        RawObject requests = RawObject.of("");
        List<String> each = JsonText.elements(wanted);
        for (int i = 0; i < each.size(); i++) {
            String params = RawObject.of(each.get(i))
                    .without("elicitationId", "_meta")
                    .put("mode", "\"url\"")
                    .toString();
            requests.put("elicitation-" + (i + 1), "{\"method\":\"elicitation/create\",\"params\":" + params + "}");
        }
        return requests.isEmpty() ? Optional.empty() : Optional.of(new UrlsWanted(requests.toString()));
    }

    Message answer(Visit visit, CallTerms terms, int round, Bridge bridge) {
        if (!visit.meta().abilities().urls()) {
            return Message.error(visit.request().id(), Abilities.missing("{\"elicitation\":{\"url\":{}}}"));
        }
        String state =
                new CallState("", terms.subject(), round, Map.of(), Map.of(), bridge.expiry()).seal(bridge.seal());
        return terms.inputRequired(visit, Questionnaire.inputRequired(requests, state));
    }
}
