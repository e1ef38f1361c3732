package org.mcpservermanager.server;

import java.time.Instant;
import java.util.Optional;

/** Something that happened to a server. Events of one server are totally ordered. */
public sealed interface Event {
    ServerId server();

    Instant at();

    /** The name on the outside, e.g. {@code server:started}. */
    String type();

    /**
     * The phase changed. {@code snapshot} is the state just after it. From RUNNING to RUNNING: another copy took over, or, with a
     * cause, could not, and the old one serves on.
     */
    record PhaseChanged(
            ServerId server,
            long generation,
            Phase from,
            Phase to,
            Optional<Problem> cause,
            Optional<Exit> exit,
            Snapshot snapshot,
            Instant at)
            implements Event {
        @Override
        public String type() {
            return switch (to) {
                case STARTING -> "server:starting";
                case RUNNING -> running();
                case PARKED -> "server:restart-failed";
                case FATAL, BACKOFF -> "server:error";
                case STOPPING -> "server:stopping";
                case STOPPED, EXITED, DISABLED -> "server:stopped";
                case RECOVERING -> "server:recovering";
            };
        }

        private String running() {
            if (from != Phase.RUNNING) {
                return "server:started";
            }
            return cause.isPresent() ? "server:replacement-failed" : "server:replaced";
        }
    }

    /** A process of the server ended; follows from the operating system, before any {@link PhaseChanged} it causes. */
    record ProcessExited(ServerId server, long generation, long pid, Exit exit, boolean expected, Instant at)
            implements Event {
        @Override
        public String type() {
            return "server:exited";
        }
    }

    /**
     * A line on stdout that is not MCP, or a line on stderr. {@code sequence} counts the lines of a server that were kept, of both
     * streams together; where lines were dropped, a line of its own says so.
     */
    record Output(ServerId server, long generation, boolean error, long sequence, String line, Instant at)
            implements Event {
        @Override
        public String type() {
            return error ? "server:stderr" : "server:stdout";
        }
    }

    record HealthChanged(ServerId server, Health from, Health to, String issue, Instant at) implements Event {
        @Override
        public String type() {
            return "server:health";
        }
    }

    /** A server came to the fleet, changed its spec, or left. */
    record FleetChanged(ServerId server, Change change, Instant at) implements Event {
        public enum Change {
            ADDED,
            CHANGED,
            REMOVED
        }

        @Override
        public String type() {
            return "fleet:" + change.name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** The server said that one of its lists (tools, prompts, resources) changed. {@code method} is the notification's. */
    record ListChanged(ServerId server, String method, Instant at) implements Event {
        @Override
        public String type() {
            return "server:list-changed";
        }
    }

    /**
     * Somebody should look, or need not any more. Raised once, over once.
     *
     * @param server whose trouble it is, or who met it first when it is the machine's
     * @param crossing the numbers, when it is about a value that went above its threshold and stayed there, or came back
     */
    record Alert(ServerId server, Problem problem, boolean over, Optional<Crossing> crossing, Instant at)
            implements Event {
        public Alert(ServerId server, Problem problem, boolean over, Instant at) {
            this(server, problem, over, Optional.empty(), at);
        }

        @Override
        public String type() {
            return over ? "alert:over" : "alert:raised";
        }
    }

    /** A watched value and its threshold, both in the unit of the rule. */
    record Crossing(Rule rule, double value, double threshold) {}
}
