package org.mcpservermanager.gateway;

import java.util.Map;

/** How one HTTP request is answered: exactly one of the two is called, once, from any thread. Neither blocks. */
interface Reply {
    void answer(Answer answer);

    /** Answers 200 with an event stream. */
    Sink stream(Map<String, String> headers);
}
