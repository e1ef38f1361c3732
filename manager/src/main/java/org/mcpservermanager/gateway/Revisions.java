package org.mcpservermanager.gateway;

import org.mcpservermanager.protocol.Revision;

/** Which revision a client is answered in. */
final class Revisions {
    static final String BATCHING = Revision.R2025_03_26.version();
    static final String LATEST_LEGACY = Revision.LATEST.version();

    private Revisions() {}

    /** The client's own wherever we know it: the revisions differ by additions, and no client leaves for its own version. */
    static String answerTo(String requested) {
        return Revision.isKnown(requested) ? requested : LATEST_LEGACY;
    }
}
