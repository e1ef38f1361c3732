package org.mcpservermanager.manage;

import java.util.List;
import java.util.Optional;
import org.mcpservermanager.config.ConfigProblem;
import org.mcpservermanager.server.ServerId;

/** The configuration file, while the manager runs. */
public interface Configuration {
    /** What a manager without a file has. */
    Configuration NONE = new Configuration() {
        @Override
        public Optional<String> file() {
            return Optional.empty();
        }

        @Override
        public Outcome reload() {
            return new Outcome(true, List.of(), List.of(), List.of(), List.of());
        }

        @Override
        public List<ConfigProblem> problems() {
            return List.of();
        }
    };

    /**
     * What followed from reading the file again; servers start and stop after that.
     *
     * @param read false: the file could not be read as a whole, and nothing was done
     * @param kept servers that go on as they were, as their entries are wrong
     */
    record Outcome(
            boolean read, List<ServerId> added, List<ServerId> changed, List<ServerId> removed, List<ServerId> kept) {
        public Outcome {
            added = List.copyOf(added);
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
            kept = List.copyOf(kept);
        }
    }

    /** Its path; empty when there is none. */
    Optional<String> file();

    /** Reads it now and does what it says; only what changed is touched. */
    Outcome reload();

    /** What was wrong when it was last read, in its order. */
    List<ConfigProblem> problems();
}
