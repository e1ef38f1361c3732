package org.mcpservermanager.transport;

/** Where a stream of events that broke is taken up again, and when. */
final class Reconnect {
    private static final long MILLIS_DEFAULT = 1_000;
    private static final long MILLIS_MAX = 300_000;

    private String lastEventId = "";
    private long millis = MILLIS_DEFAULT;

    void at(String eventId) {
        lastEventId = eventId;
    }

    void after(long asked) {
        millis = Math.min(asked, MILLIS_MAX);
    }

    boolean isPossible() {
        return !lastEventId.isEmpty();
    }

    String lastEventId() {
        return lastEventId;
    }

    long millis() {
        return millis;
    }
}
