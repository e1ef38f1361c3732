package org.mcpservermanager.supervision;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.mcpservermanager.server.Dependencies;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wish;

/** Whether a server may start now, as far as those that it comes after are concerned. */
sealed interface Verdict {
    record Go() implements Verdict {}

    record Wait() implements Verdict {}

    /** Not before somebody does something about it. */
    record Never(Problem problem) implements Verdict {}

    static Verdict on(ServerSpec spec, Function<ServerId, Optional<Snapshot>> fleet) {
        Dependencies dependencies = spec.start().dependencies();
        Verdict verdict = new Go();
        for (ServerId id : dependencies.needed()) {
            Verdict one = onNeeded(spec, id, fleet.apply(id));
            if (one instanceof Never) {
                return one;
            }
            verdict = one instanceof Wait ? one : verdict;
        }
        boolean anyComing = dependencies.after().stream()
                .anyMatch(id -> fleet.apply(id).filter(Verdict::isComing).isPresent());
        return anyComing ? new Wait() : verdict;
    }

    private static Verdict onNeeded(ServerSpec spec, ServerId id, Optional<Snapshot> needed) {
        if (needed.isEmpty()) {
            return new Never(new Problem(
                    Problem.DEPENDENCY_NOT_RUNNING,
                    "server \"" + spec.id() + "\" requires \"" + id + "\", which does not exist",
                    "Define it, or correct requires in " + spec.source() + "."));
        }
        return switch (needed.get().phase()) {
            case RUNNING -> new Go();
            case STARTING, BACKOFF, RECOVERING -> new Wait();
            case STOPPED, STOPPING -> isComing(needed.get()) ? new Wait() : never(spec, needed.get());
            case DISABLED, PARKED, FATAL, EXITED -> never(spec, needed.get());
        };
    }

    private static boolean isComing(Snapshot server) {
        return switch (server.phase()) {
            case STARTING, RECOVERING -> true;
            case STOPPED, STOPPING -> server.wish() == Wish.UP;
            case RUNNING, BACKOFF, DISABLED, PARKED, FATAL, EXITED -> false;
        };
    }

    private static Never never(ServerSpec spec, Snapshot needed) {
        String state = needed.phase().name().toLowerCase(Locale.ROOT);
        String why = needed.failure()
                .problem()
                .map(problem -> ": " + problem.message())
                .orElse("");
        return new Never(new Problem(
                Problem.DEPENDENCY_NOT_RUNNING,
                "server \"" + spec.id() + "\" requires \"" + needed.id() + "\", which is " + state + why,
                "Start \"" + needed.id() + "\"; \"" + spec.id() + "\" follows by itself."));
    }
}
