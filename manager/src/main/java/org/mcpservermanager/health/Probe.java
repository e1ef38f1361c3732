package org.mcpservermanager.health;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A way to see whether a copy is well. */
public interface Probe {
    /** What is asked, in words: "ping". */
    String question();

    /**
     * Asks once; never blocks for an answer.
     *
     * @return what is wrong, or nothing; whoever completes it earlier has given up
     */
    CompletableFuture<Optional<String>> check();
}
