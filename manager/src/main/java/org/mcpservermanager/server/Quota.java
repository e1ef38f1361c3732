package org.mcpservermanager.server;

/**
 * How much clients may ask of a server.
 *
 * @param concurrentMax requests that one copy works on at a time, 0 for no limit; more wait for their turn
 * @param perSecond requests that one copy is sent each second, 0 for no limit
 * @param repeats whether a call that was lost with its process is sent once more when running twice does no harm
 */
public record Quota(int concurrentMax, int perSecond, boolean repeats) {
    public static final int CONCURRENT_DEFAULT = 10;
    public static final Quota DEFAULT = new Quota(CONCURRENT_DEFAULT, 0, true);

    public Quota {
        if (concurrentMax < 0 || perSecond < 0) {
            throw new IllegalArgumentException("max_concurrent_requests, request_rate_limit: " + concurrentMax + ", "
                    + perSecond + " (expected: 0 for no limit, or more)");
        }
    }
}
