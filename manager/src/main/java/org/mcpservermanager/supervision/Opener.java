package org.mcpservermanager.supervision;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.LegacyConversation;
import org.mcpservermanager.conversation.ModernConversation;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.conversation.Terms;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.transport.Link;

/**
 * Opens the conversation of the era that a server speaks. Where nobody knows, it asks for the modern one: that fails with
 * not_modern for a legacy server, whose link is spent then; the next opening, over another link, is legacy.
 */
final class Opener {
    /** A server that takes long to start takes long to its first word. */
    private static final int PATIENCE_SHARE = 6;

    private final Eras eras;

    Opener(Eras eras) {
        this.eras = eras;
    }

    /** Whether a failure of the next opening with not_modern would make another link worth a try. */
    boolean mayAsk(ServerSpec spec) {
        return spec.spoken().era() == Spoken.Choice.AUTO
                && eras.of(spec).filter(era -> era == Era.LEGACY).isEmpty();
    }

    CompletionStage<Conversation> open(ServerSpec spec, Link link, Terms terms) {
        Terms pinned = pinned(spec, terms);
        Optional<Era> era = eras.of(spec);
        if (era.isPresent() && era.get() == Era.LEGACY) {
            return LegacyConversation.open(link, pinned)
                    .whenComplete((opened, failure) -> refused(spec, failure))
                    .thenApply(opened -> asPinned(spec, opened));
        }
        return ModernConversation.open(link, pinned, patience(spec, era.isPresent(), pinned))
                .handle((opened, failure) -> found(spec, opened, failure, era.isEmpty()));
    }

    static Terms pinned(ServerSpec spec, Terms terms) {
        String version = spec.spoken().version();
        if (version.isEmpty()) {
            return terms;
        }
        Profile offered = terms.offered();
        Profile pinned = new Profile(version, offered.capabilities(), offered.clientInfo(), offered.interactive());
        return new Terms(
                terms.server(),
                // a modern server is told the client's capabilities as a legacy client says them
                Era.of(version) == Era.LEGACY ? pinned : offered,
                terms.owner(),
                terms.listener(),
                terms.timer(),
                terms.handshake(),
                terms.request(),
                terms.requestMax());
    }

    static Conversation asPinned(ServerSpec spec, Conversation opened) {
        String version = spec.spoken().version();
        if (version.isEmpty() || opened.peer().protocolVersion().equals(version)) {
            return opened;
        }
        Problem problem = new Problem(
                Problem.HANDSHAKE_FAILED,
                "Server '" + spec.id() + "' agreed on revision " + opened.peer().protocolVersion() + " (expected: "
                        + version + ", its protocol_version).",
                "Remove protocol_version, or set it to that revision.");
        opened.end(problem);
        throw new ProblemException(problem);
    }

    private Duration patience(ServerSpec spec, boolean known, Terms terms) {
        if (known || eras.isDoubted(spec)) {
            return terms.handshake();
        }
        Duration share = spec.timeouts().startup().dividedBy(PATIENCE_SHARE);
        return share.compareTo(ModernConversation.SILENCE_MAX) > 0 ? share : ModernConversation.SILENCE_MAX;
    }

    private Conversation found(ServerSpec spec, Conversation opened, Throwable failure, boolean isProbe) {
        if (failure == null) {
            eras.learned(spec, Era.MODERN);
            return opened;
        }
        Problem problem = problem(failure).orElse(null);
        if (problem == null) {
            throw new CompletionException(failure);
        }
        // some servers end at a request before initialize
        boolean ended = isProbe && problem.code().equals(Problem.PROCESS_EXITED);
        if (!ended && !problem.code().equals(Problem.NOT_MODERN)) {
            throw new ProblemException(problem);
        }
        eras.learned(spec, Era.LEGACY);
        throw new ProblemException(new Problem(Problem.NOT_MODERN, problem.message(), problem.remedy()));
    }

    /** Only an answer is a reason to doubt: a server that ended or was silent says nothing about what it speaks. */
    private void refused(ServerSpec spec, Throwable failure) {
        problem(failure)
                .filter(problem -> problem.code().equals(Problem.HANDSHAKE_FAILED))
                .ifPresent(problem -> eras.doubt(spec));
    }

    static Optional<Problem> problem(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ProblemException known ? Optional.of(known.problem()) : Optional.empty();
    }
}
