package org.mcpservermanager.gateway.modern;

import org.mcpservermanager.protocol.Message;

/**
 * What a call is from its first visit to its last.
 *
 * @param request as the server is told
 * @param subject what a state is bound to
 * @param serverInfo raw JSON
 * @param turn ends when its server is at it no more, as far as anybody knows
 * @param awaited whether the server makes a task of it that the client is not to see
 */
record CallTerms(Message request, Standin standin, String subject, String serverInfo, Turn turn, boolean awaited) {
    /** Whether the call may become a task of the client. */
    boolean mayBecomeTask() {
        return !awaited && !request.rawParam("task").isEmpty();
    }

    /** @param result raw JSON */
    Message inputRequired(Visit leaving, String result) {
        return Message.result(leaving.request().id(), Translation.identified(result, serverInfo));
    }
}
