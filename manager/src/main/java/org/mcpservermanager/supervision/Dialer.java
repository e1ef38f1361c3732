package org.mcpservermanager.supervision;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.health.Probe;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.HealthPolicy;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;

/** Opens the conversation with a copy, whose process, if it has one, was just spawned: link, handshake. */
interface Dialer {
    /**
     * @return fails with {@link org.mcpservermanager.server.ProblemException} when the handshake fails
     */
    CompletionStage<Conversation> dial(ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener);

    /**
     * Begins to read what the process prints beside messages: one that is not read blocks. For each child once, as soon as it runs,
     * and before it is dialed.
     */
    default void hear(ServerSpec spec, Child child, Listener listener) {}

    /**
     * Whether the next dial may fail with not_modern only because it had to ask what the server speaks: then another one, to another
     * child, is to be tried once.
     */
    default boolean mayAsk(ServerSpec spec) {
        return false;
    }

    /**
     * Looks at what only this place knows of a spec that is about to be started.
     *
     * @throws org.mcpservermanager.process.LaunchRefused it cannot be started as it is
     */
    default void validate(ServerSpec spec) {}

    /** Stands in for the process of a server that has none. */
    default Child elsewhere(ServerSpec spec) {
        return new Elsewhere();
    }

    /** How to check from outside MCP what is reached by the spec's wire; empty when it is to be asked by MCP. */
    default Optional<Probe> outside(HealthPolicy.Way way, ServerSpec reached, Child child) {
        return Optional.empty();
    }

    /** What the link and the conversation tell beside answers. */
    interface Listener {
        /** A notification that belongs to no call. */
        void onNotification(Message notification);

        /** A line on stdout that is no message. */
        void onNoise(String excerpt);

        void onErrorLine(String line);

        /** Nothing can be sent or received any more. */
        void onClosed(Problem cause);
    }
}
