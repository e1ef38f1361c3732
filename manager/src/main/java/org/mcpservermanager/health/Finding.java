package org.mcpservermanager.health;

import java.time.Duration;
import java.time.Instant;
import org.mcpservermanager.server.HealthPolicy;

/** What one check found. */
public sealed interface Finding {
    HealthState after(HealthState before, HealthPolicy policy, Instant at);

    record Answered(Duration latency) implements Finding {
        @Override
        public HealthState after(HealthState before, HealthPolicy policy, Instant at) {
            return before.answered(latency, policy, at);
        }
    }

    /** @param issue what is wrong, in words */
    record Failed(String issue) implements Finding {
        @Override
        public HealthState after(HealthState before, HealthPolicy policy, Instant at) {
            return before.failed(issue, policy, at);
        }
    }

    /** The manager could not check: no evidence for or against the server. */
    record Undone(String why) implements Finding {
        @Override
        public HealthState after(HealthState before, HealthPolicy policy, Instant at) {
            return before.undone(why);
        }
    }
}
