package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Profile;
import org.mcpservermanager.process.Child;
import org.mcpservermanager.process.Condition;
import org.mcpservermanager.process.Launch;
import org.mcpservermanager.process.LaunchRefused;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.supervision.ScriptedWorld.FakeChild;

/** A copy whose first process may have been started only to be asked what it speaks. */
class CopyTest implements Copy.Observer {
    private static final StopLadder AT_ONCE = StopLadder.of(ScriptedWorld.spec("one"), Effect.Ladder.GRACEFUL);
    private final List<FakeChild> children = new ArrayList<>();
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Copy copy = new Copy(ScriptedWorld.spec("one"), 7, ScriptedWorld.PROFILE, new Owner.Shared(), this);
    private boolean mayAsk = true;
    private boolean hears = true;

    private final Dialer dialer = new Dialer() {
        @Override
        public boolean mayAsk(ServerSpec spec) {
            return mayAsk;
        }

        @Override
        public void hear(ServerSpec spec, Child child, Listener listener) {
            if (!hears) {
                throw new OutOfMemoryError("unable to create native thread");
            }
        }

        @Override
        public CompletionStage<Conversation> dial(
                ServerSpec spec, Child child, Profile offered, Owner owner, Listener listener) {
            ((FakeChild) child).listener = listener;
            return ((FakeChild) child).dialed;
        }
    };

    private void start() {
        copy.start(new Means(
                (spec, number) -> new Launch(spec.id(), number, List.of("fake"), Map.of(), Path.of(".")),
                launch -> {
                    children.add(new FakeChild(launch));
                    return children.get(children.size() - 1);
                },
                dialer,
                Runnable::run,
                Ports.standard()));
    }

    private void fails(FakeChild child, String code) {
        child.dialed.completeExceptionally(new ProblemException(new Problem(code, "m", "")));
    }

    @Override
    public void onStep(StartStep step) {}

    @Override
    public void onReady(Conversation conversation) {
        told.add("ready");
    }

    @Override
    public void onRefused(LaunchRefused refusal) {
        told.add("refused");
    }

    @Override
    public void onEnded(Problem problem, Optional<Exit> exit) {
        told.add("ended " + problem.code());
        ended.complete(null);
    }

    @Override
    public void onExited(long pid, Exit exit, boolean expected) {
        told.add("exited " + exit.code());
    }

    @Override
    public void onEscaped(List<Long> pids) {
        told.add("escaped " + pids);
    }

    @Override
    public void onNotification(Message notification) {}

    @Override
    public void onOutput(boolean error, String line) {}

    @Test
    void keepsAProcessThatUnderstoodTheQuestion() {
        start();
        children.get(0).becomesReady();
        assertEquals(List.of("ready"), told);
        children.get(0).dies(3);
        assertEquals(List.of("ready", "exited 3", "ended process_exited"), told);
        children.get(0).becomesEmpty();
        assertTrue(copy.emptied().isDone());
    }

    @Test
    void keepsHoldOfAProcessThatItCannotListenTo() {
        hears = false;
        mayAsk = false;
        start();
        assertEquals(1, told.size());
        assertEquals(children.get(0), copy.child());
        copy.end(AT_ONCE);
        assertFalse(children.get(0).ladder.isEmpty());
    }

    @Test
    void replacesAProcessThatDidNotWhenNothingOfItIsLeft() {
        start();
        children.get(0).endsWhenStopped = false;
        fails(children.get(0), Problem.NOT_MODERN);
        assertEquals(List.of(Duration.ZERO), children.get(0).ladder);
        children.get(0).exited.complete(new Exit(0, 0));
        assertEquals(1, children.size());
        children.get(0).becomesEmpty();
        assertEquals(2, children.size());
        assertFalse(copy.emptied().isDone());
        children.get(1).becomesReady();
        assertEquals(List.of("ready"), told);
        assertEquals(children.get(1), copy.child());
    }

    @Test
    void replacesAProcessThatEndedAtTheQuestion() {
        start();
        children.get(0).dies(1);
        children.get(0).becomesEmpty();
        fails(children.get(0), Problem.NOT_MODERN);
        children.get(1).becomesReady();
        assertEquals(List.of("ready"), told);
    }

    @Test
    void tellsWhatEscapedFromAProcessThatItReplaces() {
        start();
        children.get(0).escaped = CompletableFuture.completedFuture(List.of(5L));
        fails(children.get(0), Problem.NOT_MODERN);
        children.get(1).becomesReady();
        assertEquals(List.of("escaped [5]", "ready"), told);
    }

    @Test
    void asksOnce() {
        start();
        fails(children.get(0), Problem.NOT_MODERN);
        fails(children.get(1), Problem.NOT_MODERN);
        assertEquals(2, children.size());
        assertEquals(List.of("ended not_modern"), told);
    }

    @Test
    void failsWhereNobodyHadToAsk() {
        mayAsk = false;
        start();
        fails(children.get(0), Problem.NOT_MODERN);
        assertEquals(List.of("ended not_modern"), told);
    }

    @Test
    void tellsTheExitOfAProcessThatEndedWhileItWasAsked() {
        start();
        children.get(0).dies(4);
        assertEquals(List.of(), told);
        fails(children.get(0), Problem.PROCESS_EXITED);
        assertEquals(List.of("exited 4", "ended process_exited"), told);
    }

    @Test
    void anEndOfOutputIsTheEndOfAProcessThatLivesOn() throws Exception {
        start();
        FakeChild child = children.get(0);
        child.becomesReady();
        child.listener.onClosed(new Problem(Problem.PROCESS_EXITED, "closed", ""));
        ended.get(10, TimeUnit.SECONDS);
        assertEquals(List.of("ready", "ended process_exited"), told);
    }

    @Test
    void waitsForTheExitOfADeadProcessWhoseOutputHasEnded() throws Exception {
        start();
        FakeChild child = children.get(0);
        child.becomesReady();
        child.condition = Condition.GONE;
        child.listener.onClosed(new Problem(Problem.PROCESS_EXITED, "closed", ""));
        assertTrue(child.lookedAt.await(10, TimeUnit.SECONDS));
        assertTrue(child.dies(9));
        assertEquals(List.of("ready", "exited 9", "ended process_exited"), told);
    }

    @Test
    void doesNotWaitForEverForTheExitOfAProcessThatOnlySeemsDead() throws Exception {
        start();
        FakeChild child = children.get(0);
        child.becomesReady();
        child.condition = Condition.GONE;
        child.listener.onClosed(new Problem(Problem.PROCESS_EXITED, "closed", ""));
        ended.get(10, TimeUnit.SECONDS);
        assertEquals(List.of("ready", "ended process_exited"), told);
    }

    @Test
    void isEmptyOnlyAfterItWasToldHowItsProcessEnded() {
        start();
        FakeChild child = children.get(0);
        child.becomesReady();
        child.endsWhenStopped = false;
        CompletableFuture<Boolean> ended = copy.end(AT_ONCE);
        ended.thenRun(() -> told.add("ended"));
        copy.emptied().thenRun(() -> told.add("empty"));
        child.empty.complete(null);
        assertEquals(List.of("ready"), told);

        child.dies(143);
        assertEquals(List.of("ready", "exited 143", "ended process_exited"), told.subList(0, 3));
        assertTrue(ended.join());
        assertTrue(told.contains("empty"), told.toString());
    }

    @Test
    void newsOfAnExitThatDoNotComeHoldNobodyUpForLong() {
        start();
        children.get(0).becomesReady();
        children.get(0).endsWhenStopped = false;
        CompletableFuture<Boolean> ended = copy.end(AT_ONCE);
        children.get(0).empty.complete(null);
        assertTrue(ended.orTimeout(10, TimeUnit.SECONDS).join());
        copy.emptied().orTimeout(10, TimeUnit.SECONDS).join();
        assertEquals(List.of("ready"), told);
    }

    @Test
    void launchesNothingWhenItIsEndedBetweenTheTwo() {
        start();
        children.get(0).endsWhenStopped = false;
        fails(children.get(0), Problem.NOT_MODERN);
        CompletableFuture<Boolean> ended = copy.end(AT_ONCE);
        assertFalse(ended.isDone());
        children.get(0).becomesEmpty();
        assertTrue(ended.join());
        assertTrue(copy.emptied().isDone());
        assertEquals(1, children.size());
    }
}
