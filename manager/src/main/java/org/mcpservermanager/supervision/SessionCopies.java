package org.mcpservermanager.supervision;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mcpservermanager.conversation.Client;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Snapshot;
import org.mcpservermanager.server.Wire;

/**
 * The copies of a server that serve one client session each. They live as long as the session and the server; one that dies is
 * replaced by the session's next call, so there is no restart to keep back.
 */
public final class SessionCopies {
    static final int COPIES_MAX = 64;
    /** Far above every generation: the number tells copies of one server apart. */
    private static final AtomicLong NUMBERS = new AtomicLong(1L << 32);

    /** Told what the copies write beside MCP. */
    @FunctionalInterface
    interface OutputListener {
        void onOutput(boolean error, long number, String line);
    }

    /**
     * @param asked who asked the slots for its launch: {@code opened}, or the spare that it was
     * @param ahead whether its process was started before anybody needed it
     * @param begin starts the copy, or speaks to one that was started ahead
     */
    private record Place(
            Copy copy,
            CompletableFuture<Conversation> opened,
            Object asked,
            SessionWatch watch,
            boolean ahead,
            Runnable begin) {
        private boolean isOver() {
            return opened.isDone()
                    && !opened.isCompletedExceptionally()
                    && opened.join().isOver();
        }
    }

    private final Supplier<ServerSpec> specs;
    private final Surroundings surroundings;
    private final OutputListener output;
    private final IdentityHashMap<Client, Place> places = new IdentityHashMap<>(); // guarded by places
    private final Set<Client> served = Collections.newSetFromMap(new IdentityHashMap<>()); // guarded by places
    private final Set<Copy> leaving = ConcurrentHashMap.newKeySet();
    private final Spares spares; // asked while holding places, never the other way round

    SessionCopies(Supplier<ServerSpec> specs, Surroundings surroundings, OutputListener output) {
        this.specs = specs;
        this.surroundings = surroundings;
        this.output = output;
        this.spares = new Spares(specs, surroundings, NUMBERS::getAndIncrement, leaving, this::endSpare);
    }

    private ServerId server() {
        return specs.get().id();
    }

    Snapshot.Copies count() {
        synchronized (places) {
            int lists =
                    (int) places.keySet().stream().filter(Client::readsLists).count();
            return new Snapshot.Copies(places.size() - lists, lists, spares.count());
        }
    }

    /** All copies of the server, those included that are being ended. */
    List<Copy> with(List<Copy> shared) {
        List<Copy> copies = new ArrayList<>(leaving);
        synchronized (places) {
            places.values().forEach(place -> copies.add(place.copy()));
            copies.addAll(spares.copies());
        }
        copies.addAll(shared);
        return copies;
    }

    /** The client's copy, started when there is none. Fails with {@link ProblemException}. */
    public CompletionStage<Conversation> of(Client client) {
        dropDead(client);
        Place created;
        synchronized (places) {
            Place place = places.get(client);
            if (place != null) {
                return reached(client, place);
            }
            if (places.size() >= COPIES_MAX) {
                return CompletableFuture.failedFuture(new ProblemException(new Problem(
                        Problem.MAX_OVERFLOW_REACHED,
                        "server \"" + server() + "\" already runs " + COPIES_MAX + " copies for client sessions",
                        "Close idle client sessions, or set \"isolation\": \"shared\" for this server.")));
            }
            ServerSpec spec = specs.get();
            if (spec.wire() instanceof Wire.Served) {
                return CompletableFuture.failedFuture(new ProblemException(new Problem(
                        Problem.SERVER_NOT_RUNNING,
                        "server \"" + server() + "\" is not running",
                        "Start it, or wait until it is ready.")));
            }
            CompletableFuture<Conversation> opened = new CompletableFuture<>();
            Optional<Place> ahead = startedAhead(client, opened);
            Optional<Problem> hostFault = ahead.isPresent() || !spec.wire().launches()
                    ? Optional.empty()
                    : surroundings.slots().refusal(opened);
            if (hostFault.isPresent()) {
                return CompletableFuture.failedFuture(new ProblemException(hostFault.get()));
            }
            created = ahead.orElseGet(() -> fresh(spec, client, opened));
            places.put(client, created);
        }
        created.opened().thenAccept(conversation -> {
            serves(client);
            created.watch().begin(created.copy(), conversation);
        });
        created.opened().thenRun(() -> startSpare(client, created));
        created.begin().run();
        SessionStart.limit(
                specs,
                surroundings,
                created.copy(),
                created.opened(),
                tooLate -> drop(client, created.opened(), tooLate));
        return reached(client, created);
    }

    private void serves(Client client) {
        synchronized (places) {
            served.add(client);
        }
    }

    /** Whether the client has, or had, a copy that was ready: one that is not open is in the place of one that ended. */
    public boolean hasServed(Client client) {
        synchronized (places) {
            return served.contains(client);
        }
    }

    /** A process that was started ahead may have died before anybody spoke to it: then another takes its place. */
    private CompletionStage<Conversation> reached(Client client, Place place) {
        return place.ahead()
                ? place.opened()
                        .handle((conversation, failure) ->
                                hasDied(failure) ? of(client) : (CompletionStage<Conversation>) place.opened())
                        .thenCompose(next -> next)
                : place.opened();
    }

    private static boolean hasDied(Throwable failure) {
        return failure instanceof ProblemException known
                && known.problem().code().equals(Problem.PROCESS_EXITED);
    }

    /** Who took a copy is followed by others; not if its server ended meanwhile, which ends all that is prepared. */
    private void startSpare(Client client, Place opened) {
        Optional<Spare> spare;
        synchronized (places) {
            Place now = places.get(client);
            boolean isHere = now != null && now.opened() == opened.opened();
            boolean hasRoom = places.size() + spares.count() < COPIES_MAX;
            spare = isHere && hasRoom ? spares.prepared() : Optional.empty();
        }
        spare.ifPresent(spares::start);
    }

    /** The news that a copy ended comes a little after its last answer: nobody should be sent to it meanwhile. */
    private void dropDead(Client client) {
        Place place;
        synchronized (places) {
            place = places.get(client);
        }
        if (place != null && place.isOver()) {
            drop(client, place.opened(), new Problem(Problem.PROCESS_EXITED, "the copy ended", ""));
        }
    }

    /** The client's copy when it is open already. */
    public Optional<Conversation> open(Client client) {
        synchronized (places) {
            Place place = places.get(client);
            return place != null && place.opened().isDone() && !place.opened().isCompletedExceptionally()
                    ? Optional.of(place.opened().join())
                    : Optional.empty();
        }
    }

    private Optional<Place> startedAhead(Client client, CompletableFuture<Conversation> opened) {
        return spares.claimed(client, number -> observer(client, number, opened))
                .map(spare -> new Place(
                        spare.copy(), opened, spare, new SessionWatch(specs, surroundings), true, spare::begin));
    }

    private Place fresh(ServerSpec spec, Client client, CompletableFuture<Conversation> opened) {
        long number = NUMBERS.getAndIncrement();
        Copy copy =
                new Copy(spec, number, client.profile(), new Owner.Dedicated(client), observer(client, number, opened));
        return new Place(
                copy, opened, opened, new SessionWatch(specs, surroundings), false, () -> copy.start(surroundings));
    }

    private SessionObserver observer(Client client, long number, CompletableFuture<Conversation> opened) {
        return new SessionObserver(
                server(), surroundings, number, client, opened, output, problem -> drop(client, opened, problem));
    }

    /** What the checks of the open copies follow may have changed. */
    void adapt() {
        List<Place> all;
        synchronized (places) {
            all = List.copyOf(places.values());
        }
        all.forEach(place -> place.watch().adapt());
        spares.adapt();
    }

    void release(Client client) {
        synchronized (places) {
            served.remove(client);
        }
        drop(client, null, new Problem(Problem.SERVER_NOT_RUNNING, "the client session ended", ""));
    }

    /** A call that was under way when its client session ended can have started a copy that nobody will release. */
    void releaseAbandoned() {
        List<Client> gone;
        synchronized (places) {
            gone = Stream.concat(places.keySet().stream(), served.stream())
                    .filter(Client::isGone)
                    .toList();
        }
        gone.forEach(this::release);
    }

    /** Ends the copy in the client's place; only if it is still the one that opens {@code opened}, unless that is null. */
    private void drop(Client client, CompletableFuture<Conversation> opened, Problem why) {
        Place place;
        synchronized (places) {
            place = places.get(client);
            if (place == null || (opened != null && place.opened() != opened)) {
                return;
            }
            places.remove(client);
            leaving.add(place.copy());
        }
        place.opened().completeExceptionally(new ProblemException(why));
        end(place, StopLadder.of(specs.get(), Effect.Ladder.GRACEFUL).withoutDrain());
    }

    private void endSpare(Spare spare) {
        end(spare, StopLadder.of(specs.get(), Effect.Ladder.GRACEFUL).withoutDrain());
    }

    private CompletableFuture<Boolean> end(Place place, StopLadder ladder) {
        quit(place);
        return end(place.copy(), ladder);
    }

    private CompletableFuture<Boolean> end(Spare spare, StopLadder ladder) {
        surroundings.slots().release(spare);
        return end(spare.copy(), ladder);
    }

    /** A copy that ends before its process exists tells nobody: should it be the one that tries, another may. */
    private void quit(Place place) {
        place.watch().close();
        surroundings.slots().release(place.asked());
    }

    private CompletableFuture<Boolean> end(Copy copy, StopLadder ladder) {
        copy.emptied().thenRun(() -> leaving.remove(copy));
        return copy.end(ladder);
    }

    /** Completes when nothing of the copies that were told to end lives, however late that is. */
    CompletableFuture<Void> emptied() {
        return CompletableFuture.allOf(leaving.stream().map(Copy::emptied).toArray(CompletableFuture<?>[]::new));
    }

    /**
     * Ends the copies that serve already; those that are just starting are new anyway.
     *
     * @return true when none of their processes lives
     */
    CompletableFuture<Boolean> endOpen(StopLadder ladder) {
        List<Place> ended = new ArrayList<>();
        List<Spare> prepared;
        synchronized (places) {
            places.values().removeIf(place -> place.opened().isDone() && ended.add(place));
            ended.forEach(place -> leaving.add(place.copy()));
            prepared = spares.takeAll();
        }
        List<CompletableFuture<Boolean>> ends =
                new ArrayList<>(ended.stream().map(place -> end(place, ladder)).toList());
        prepared.forEach(spare -> ends.add(end(spare, ladder)));
        return allOf(ends);
    }

    /** @return true when no process of any session's copy lives */
    CompletableFuture<Boolean> endAll(StopLadder ladder) {
        List<Place> ended;
        List<Spare> prepared;
        synchronized (places) {
            ended = List.copyOf(places.values());
            places.clear();
            ended.forEach(place -> leaving.add(place.copy()));
            prepared = spares.takeAll();
        }
        ProblemException stopped = new ProblemException(
                new Problem(Problem.SERVER_NOT_RUNNING, "server \"" + server() + "\" is being stopped", ""));
        ended.forEach(place -> {
            place.opened().completeExceptionally(stopped);
            quit(place);
        });
        prepared.forEach(surroundings.slots()::release);
        return allOf(leaving.stream().map(copy -> end(copy, ladder)).toList());
    }

    private static CompletableFuture<Boolean> allOf(List<CompletableFuture<Boolean>> ends) {
        return ends.stream()
                .reduce(CompletableFuture.completedFuture(true), (a, b) -> a.thenCombine(b, Boolean::logicalAnd));
    }
}
