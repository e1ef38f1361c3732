package org.mcpservermanager.supervision;

import java.util.Optional;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.StartStep;

/** What can happen to a server. Inputs of a copy carry its generation; those of an older one change nothing. */
sealed interface Input {
    Turn into(Lifecycle.Table table);

    record Start() implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.start();
        }
    }

    record Stop(boolean force) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.stop(force);
        }
    }

    record Restart() implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.restart();
        }
    }

    /** A process of an earlier manager's is there and may be this server's copy. */
    record Recover() implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.recover();
        }
    }

    /** A call waits for this server. */
    record Demand() implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.demand();
        }
    }

    record SlotGranted() implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.slotGranted();
        }
    }

    /** What it comes after will not be there; asked for a place, it gets none. */
    record Blocked(Problem problem) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.blocked(problem);
        }
    }

    /** What it comes after is there. */
    record Unblocked() implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.unblocked();
        }
    }

    /** The running copy shall be replaced by another, though it did nothing wrong. */
    record Replace(Problem problem) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.replace(problem);
        }
    }

    /** The rules are others now. {@code relaunch}: what runs was launched by what does not hold any more. */
    record Reconfigured(boolean relaunch) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.reconfigured(relaunch);
        }
    }

    record Progress(long generation, StartStep step) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.progress(generation, step);
        }
    }

    record Ready(long generation) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.ready(generation);
        }
    }

    /** No process came of the launch. */
    record LaunchRefused(long generation, Problem problem, boolean hostFault) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.launchRefused(generation, problem, hostFault);
        }
    }

    /** The copy is of no use any more: its process ended, its link closed, its handshake failed or it stopped answering. */
    record Ended(long generation, Problem problem, Optional<Exit> exit) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.ended(generation, problem, exit);
        }
    }

    /** The copy lives, but its health checks say that it is of no use. */
    record Unhealthy(long generation, Problem problem) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.unhealthy(generation, problem);
        }
    }

    /** @param empty false: the stop ladder reached its end and members of the tree still live */
    record TreeEmpty(long generation, boolean empty) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.treeEmpty(generation, empty);
        }
    }

    /** @param moved whether the watched copy showed progress */
    record Alarm(long number, boolean moved) implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.alarm(number, moved);
        }
    }

    /** The manager goes down; the wish stays as it is. */
    record Close() implements Input {
        @Override
        public Turn into(Lifecycle.Table table) {
            return table.close();
        }
    }
}
