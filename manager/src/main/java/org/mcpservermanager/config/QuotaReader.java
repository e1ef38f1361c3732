package org.mcpservermanager.config;

import org.mcpservermanager.server.Quota;

/** Reads how much clients may ask of a server. */
final class QuotaReader {
    private static final int CONCURRENT_MAX = 100_000;
    private static final int RATE_MAX = 1_000_000;

    private QuotaReader() {}

    static Quota read(Fields fields) {
        Quota standard = Quota.DEFAULT;
        return new Quota(
                fields.integer(Key.CONCURRENT_REQUESTS_MAX, 0, CONCURRENT_MAX).orElse(standard.concurrentMax()),
                fields.integer(Key.REQUEST_RATE_LIMIT, 0, RATE_MAX).orElse(standard.perSecond()),
                fields.truth(Key.REPEAT_LOST_CALLS).orElse(standard.repeats()));
    }
}
