package org.mcpservermanager.supervision;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Isolation;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.StartStep;

/**
 * The copies of one server that all its clients share, by generation: the one that counts and perhaps one beside it. Confined to
 * the supervisor's mailbox, into which it brings what happens to them.
 */
final class SharedCopies {
    private final Supervisor owner;
    private final Surroundings surroundings;
    private final SessionCopies sessions;
    private final Map<Long, Copy> copies = new HashMap<>();
    private final Map<Long, Conversation> conversations = new HashMap<>();
    private Survivor survivor; // of the next launch; null: it starts a process

    SharedCopies(Supervisor owner, Surroundings surroundings, SessionCopies sessions) {
        this.owner = owner;
        this.surroundings = surroundings;
        this.sessions = sessions;
    }

    /** Null before its launch. */
    Copy copy(long generation) {
        return copies.get(generation);
    }

    /** Null before it was ready. */
    Conversation conversation(long generation) {
        return conversations.get(generation);
    }

    void opened(long generation, Conversation conversation) {
        if (copies.containsKey(generation)) {
            conversations.put(generation, conversation);
        }
    }

    List<Copy> all() {
        return new ArrayList<>(copies.values());
    }

    void forgetAllBut(Life life) {
        Set<Long> kept = life.other().stage() == Life.Other.Stage.NONE
                ? Set.of(life.generation())
                : Set.of(life.generation(), life.other().generation());
        copies.keySet().retainAll(kept);
        conversations.keySet().retainAll(kept);
    }

    void adoptNext(Survivor found) {
        survivor = found;
    }

    void launch(long generation) {
        ServerSpec spec = owner.spec();
        Profile offered =
                spec.isolation() == Isolation.SHARED ? surroundings.askableProfile() : surroundings.sharedProfile();
        Copy copy = new Copy(spec, generation, offered, new Owner.Shared(), new Observer(generation, spec));
        copies.put(generation, copy);
        Survivor adopted = survivor;
        survivor = null;
        if (adopted == null) {
            copy.start(surroundings);
        } else {
            copy.adopt(adopted, surroundings);
        }
    }

    /** @param own whether the copies of single sessions end too, and what becomes of those that are just starting */
    void end(Effect.EndTree end, SessionEnds own) {
        StopLadder ladder = StopLadder.of(owner.spec(), end.ladder());
        Copy ended = copies.get(end.generation());
        CompletableFuture<Boolean> shared = ended == null ? CompletableFuture.completedFuture(true) : ended.end(ladder);
        CompletableFuture<Boolean> others =
                switch (own) {
                    case NONE -> CompletableFuture.completedFuture(true);
                    case OPEN -> sessions.endOpen(ladder);
                    case ALL -> sessions.endAll(ladder);
                };
        shared.thenCombine(others, Boolean::logicalAnd).thenAccept(empty -> {
            owner.post(new Input.TreeEmpty(end.generation(), empty));
            if (!empty) {
                whenEmpty(ended, () -> owner.post(new Input.TreeEmpty(end.generation(), true)));
            }
        });
    }

    enum SessionEnds {
        NONE,
        OPEN,
        ALL
    }

    /** What survived every signal may still end, when its device answers or its file system comes back. */
    private void whenEmpty(Copy ended, Runnable then) {
        CompletableFuture<Void> shared = ended == null ? CompletableFuture.completedFuture(null) : ended.emptied();
        CompletableFuture.allOf(shared, sessions.emptied()).thenRun(then);
    }

    private final class Observer implements Copy.Observer {
        private final long generation;
        private final boolean launches;

        private Observer(long generation, ServerSpec spec) {
            this.generation = generation;
            this.launches = spec.wire().launches();
        }

        @Override
        public void onStep(StartStep step) {
            if (step == StartStep.HANDSHAKE && launches) {
                surroundings.spawned(owner.spec().id(), owner);
            }
            owner.post(new Input.Progress(generation, step));
        }

        @Override
        public void onReady(Conversation opened) {
            owner.opened(generation, opened);
        }

        @Override
        public void onRefused(LaunchRefused refusal) {
            surroundings.refused(owner.spec().id(), refusal);
            owner.post(new Input.LaunchRefused(generation, refusal.problem(), refusal.hostFault()));
        }

        @Override
        public void onEnded(Problem problem, Optional<Exit> exit) {
            owner.post(new Input.Ended(generation, owner.withLastWords(problem, generation), exit));
        }

        @Override
        public void onExited(long pid, Exit exit, boolean expected) {
            Event exited = surroundings.exitOf(owner.spec().id(), generation, pid, exit, expected);
            // in its turn among the events of this server
            owner.execute(() -> publish(exited));
        }

        @Override
        public void onEscaped(List<Long> pids) {
            surroundings.escaped(owner.spec().id(), pids);
        }

        @Override
        public void onNotification(Message notification) {
            if (notification.method().endsWith("/list_changed")) {
                publish(new Event.ListChanged(
                        owner.spec().id(),
                        notification.method(),
                        surroundings.clock().instant()));
            }
            owner.heard(notification);
        }

        @Override
        public void onOutput(boolean error, String line) {
            owner.remember(error, generation, line);
        }

        private void publish(Event event) {
            surroundings.events().publish(event);
        }
    }
}
