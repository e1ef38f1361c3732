package org.mcpservermanager.server;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A server at one moment, complete and consistent; what every surface shows. */
public record Snapshot(
        ServerSpec spec,
        Wish wish,
        Phase phase,
        StartStep step,
        Health health,
        long generation,
        Counts counts,
        Running running,
        Failure failure,
        Checks checks,
        Usage resources) {

    /** Of a server that was never checked nor measured. */
    public Snapshot(
            ServerSpec spec,
            Wish wish,
            Phase phase,
            StartStep step,
            Health health,
            long generation,
            Counts counts,
            Running running,
            Failure failure) {
        this(spec, wish, phase, step, health, generation, counts, running, failure, Checks.NONE, Usage.NONE);
    }

    /**
     * Totals since the manager started, of all copies of the server.
     *
     * @param restarts starts that were not asked for by the operator
     * @param failuresInRow what the back-off counts; cleared by a stable run
     */
    public record Counts(
            long starts,
            long restarts,
            long failures,
            int failuresInRow,
            long requests,
            long errors,
            int inFlight,
            Copies copies) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, Copies.NONE);
    }

    /**
     * What runs beside the shared copy, by what it is for.
     *
     * @param sessions client sessions, and stateless clients that can be asked
     * @param lists reading what clients that can be asked are offered
     * @param spare started for whoever needs one next
     */
    public record Copies(int sessions, int lists, int spare) {
        public static final Copies NONE = new Copies(0, 0, 0);
    }

    /**
     * The running copy; {@link #NONE} without one.
     *
     * @param pid 0 without a process
     * @param containment what holds the process tree together, e.g. "group"
     * @param pidsMax how many processes and threads together the system allows it; 0: no limit of ours
     */
    public record Running(
            long pid,
            Optional<Instant> startedAt,
            Optional<Instant> readyAt,
            String containment,
            int pidsMax,
            String protocolVersion,
            String serverName,
            String serverVersion) {
        public static final Running NONE = new Running(0, Optional.empty(), Optional.empty(), "", 0, "", "", "");
    }

    /**
     * Why the last copy ended, and when the next is tried.
     *
     * @param stuck true: a stop could not empty the process tree
     */
    public record Failure(
            Optional<Problem> problem,
            Optional<Exit> exit,
            Optional<Instant> at,
            Optional<Instant> retryAt,
            boolean stuck) {
        public static final Failure NONE =
                new Failure(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);
    }

    /**
     * What the health is based on.
     *
     * @param count health checks since the manager started, of all copies of the server
     * @param issues what is wrong, in words; empty when nothing is
     * @param lastAt when the running copy was last checked
     * @param latency how long it took to answer the last check that it answered
     */
    public record Checks(long count, List<String> issues, Optional<Instant> lastAt, Optional<Duration> latency) {
        public static final Checks NONE = new Checks(0, List.of(), Optional.empty(), Optional.empty());

        public Checks {
            issues = List.copyOf(issues);
        }
    }

    /** The same moment, with what all copies together use. */
    public Snapshot using(Usage measured) {
        return new Snapshot(spec, wish, phase, step, health, generation, counts, running, failure, checks, measured);
    }

    public ServerId id() {
        return spec.id();
    }
}
