package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.protocol.Message;

/**
 * What a call is from its first visit to its last.
 *
 * @param request as the server is told
 * @param subject what a state is bound to
 * @param serverInfo raw JSON
 * @param turn ends when its server is at it no more, as far as anybody knows
 */
record CallTerms(Message request, Standin standin, String subject, String serverInfo, Turn turn) {
    /** @param result raw JSON */
    Message inputRequired(Visit leaving, String result) {
        return Message.result(leaving.request().id(), Translation.identified(result, serverInfo));
    }
}
