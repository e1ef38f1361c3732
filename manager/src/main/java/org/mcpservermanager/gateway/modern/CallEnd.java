package org.mcpservermanager.gateway.modern;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.mcpservermanager.conversation.Call;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.protocol.RpcError;

/** What becomes of a call's client, open questions, stand-in and turn when it is over. */
record CallEnd(Bridge bridge, CallTerms terms) {
    /** Until a server has ended a call whose questions were answered for a client that went away, at a copy that others use too. */
    static final long END_MILLIS = 10_000;

    /** @param round the last of the call */
    void answered(Visit visit, Message response, int round, List<Question> unanswered) {
        abandon(unanswered, "the call is over");
        Optional<String> task = terms.mayBecomeTask() ? TaskShape.made(response) : Optional.empty();
        if (task.isPresent()) {
            visit.end(bridge.tasks().adopt(terms, visit, task.get()));
            return;
        }
        Message last = UrlsWanted.of(response)
                .map(wanted -> wanted.answer(visit, terms, round + 1, bridge))
                .orElseGet(() -> Translation.toModern(visit.request(), response, terms.serverInfo()));
        bridge.standins().release(terms.standin());
        visit.end(last);
    }

    /** The server went on without what it asked. */
    void answeredInVain(Visit visit, RpcError lacking, List<Question> unanswered) {
        abandon(unanswered, "the call is over");
        bridge.standins().release(terms.standin());
        visit.end(Message.error(visit.request().id(), lacking));
    }

    /** The server may still be at it. */
    void abandoned(Call running, String why, List<Question> unanswered) {
        abandon(unanswered, why);
        if (unanswered.isEmpty() || !terms.turn().isNeeded()) {
            giveUp(running, why);
        } else {
            // a server does not answer what was cancelled, and without that answer the next question could be its
            bridge.timer().schedule(() -> giveUp(running, why), END_MILLIS, TimeUnit.MILLISECONDS);
        }
        bridge.standins().discard(terms.standin());
    }

    static void abandon(List<Question> unanswered, String why) {
        unanswered.forEach(question -> question.answer().complete(question.abandoned(why)));
    }

    private void giveUp(Call running, String why) {
        running.cancel(why);
        terms.turn().end();
    }
}
