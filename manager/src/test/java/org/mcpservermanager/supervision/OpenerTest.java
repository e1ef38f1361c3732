package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.conversation.Conversation;
import org.mcpservermanager.conversation.ConversationListener;
import org.mcpservermanager.conversation.Owner;
import org.mcpservermanager.conversation.Terms;
import org.mcpservermanager.protocol.Era;
import org.mcpservermanager.protocol.Message;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.ServerSpec;
import org.mcpservermanager.server.Spoken;
import org.mcpservermanager.server.Wire;
import org.mcpservermanager.transport.ScriptedLink;

class OpenerTest {
    private static final ServerSpec SPEC =
            ServerSpec.of(new ServerId("srv"), new Wire.Stdio("cmd", List.of(), Map.of(), ""), "test");
    private static final String NO_METHOD = "\"error\":{\"code\":-32601,\"message\":\"no\"}";

    private final VirtualTime time = new VirtualTime();
    private final Eras eras = Eras.inMemory();
    private final Opener opener = new Opener(eras);
    private ScriptedLink link;

    private static final class Deaf implements ConversationListener {
        @Override
        public void onNotification(Message notification) {}

        @Override
        public void onNoise(String excerpt) {}

        @Override
        public void onClosed(Problem cause) {}
    }

    private CompletableFuture<Conversation> opening(ServerSpec spec) {
        link = new ScriptedLink();
        Terms terms = new Terms(
                spec.id(),
                ScriptedWorld.PROFILE,
                new Owner.Shared(),
                new Deaf(),
                time,
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60));
        return opener.open(spec, link, terms).toCompletableFuture();
    }

    private void answer(String outcome) {
        link.receive("{\"jsonrpc\":\"2.0\",\"id\":0," + outcome + "}");
    }

    private static String code(CompletableFuture<Conversation> opening) {
        CompletionException e = assertThrows(CompletionException.class, opening::join);
        return Opener.problem(e).orElseThrow().code();
    }

    private static ServerSpec pinned(String version) {
        return SPEC.with(new Spoken(Spoken.Choice.AUTO, version));
    }

    @Test
    void asksOnceAndRemembersAModernServer() {
        CompletableFuture<Conversation> opening = opening(SPEC);
        assertEquals("server/discover", link.lastSent().method());
        answer("\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}}");
        assertEquals(Era.MODERN, opening.join().peer().era());
        assertEquals(Optional.of(Era.MODERN), eras.of(SPEC));
    }

    @Test
    void speaksLegacyOverTheNextLink() {
        assertTrue(opener.mayAsk(SPEC));
        CompletableFuture<Conversation> asked = opening(SPEC);
        answer(NO_METHOD);
        assertEquals(Problem.NOT_MODERN, code(asked));
        assertFalse(opener.mayAsk(SPEC));
        opening(SPEC);
        assertEquals("initialize", link.lastSent().method());
    }

    @Test
    void takesAServerThatEndsAtTheQuestionForALegacyOne() {
        CompletableFuture<Conversation> asked = opening(SPEC);
        link.hangUp();
        assertEquals(Problem.NOT_MODERN, code(asked));
        assertEquals(Optional.of(Era.LEGACY), eras.of(SPEC));
    }

    @Test
    void takesNothingFromTheEndOfAServerThatIsKnown() {
        eras.learned(SPEC, Era.MODERN);
        CompletableFuture<Conversation> opening = opening(SPEC);
        link.hangUp();
        assertEquals(Problem.PROCESS_EXITED, code(opening));
        assertEquals(Optional.of(Era.MODERN), eras.of(SPEC));
    }

    @Test
    void changesItsMindAboutAServerThatIsModernNoMore() {
        eras.learned(SPEC, Era.MODERN);
        CompletableFuture<Conversation> opening = opening(SPEC);
        answer(NO_METHOD);
        assertEquals(Problem.NOT_MODERN, code(opening));
        assertEquals(Optional.of(Era.LEGACY), eras.of(SPEC));
    }

    @Test
    void asksAgainWithPatienceWhenInitializeIsRefused() {
        CompletableFuture<Conversation> silent = opening(SPEC);
        time.advanceMillis(5000);
        assertEquals(Problem.NOT_MODERN, code(silent));
        CompletableFuture<Conversation> refused = opening(SPEC);
        answer(NO_METHOD);
        assertEquals(Problem.HANDSHAKE_FAILED, code(refused));
        CompletableFuture<Conversation> again = opening(SPEC);
        assertEquals("server/discover", link.lastSent().method());
        time.advanceMillis(50_000);
        answer("\"result\":{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{}}");
        assertEquals(Era.MODERN, again.join().peer().era());
    }

    @Test
    void doubtsNothingWhenALegacyServerEnds() {
        eras.learned(SPEC, Era.LEGACY);
        CompletableFuture<Conversation> opening = opening(SPEC);
        link.hangUp();
        assertEquals(Problem.PROCESS_EXITED, code(opening));
        assertFalse(opener.mayAsk(SPEC));
    }

    @Test
    void offersThePinnedVersionAndNoOther() {
        CompletableFuture<Conversation> opening = opening(pinned("2025-03-26"));
        assertEquals("2025-03-26", link.lastSent().param("protocolVersion"));
        answer("\"result\":{\"protocolVersion\":\"2025-03-26\",\"capabilities\":{}}");
        assertEquals("2025-03-26", opening.join().peer().protocolVersion());
        CompletableFuture<Conversation> other = opening(pinned("2025-03-26"));
        answer("\"result\":{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{}}");
        assertEquals(Problem.HANDSHAKE_FAILED, code(other));
        assertTrue(link.isClosed());
    }

    @Test
    void insistsOnTheModernEraWhereItIsPinned() {
        assertFalse(opener.mayAsk(pinned("2026-07-28")));
        CompletableFuture<Conversation> opening = opening(pinned("2026-07-28"));
        answer(NO_METHOD);
        assertEquals(Problem.NOT_MODERN, code(opening));
        opening(pinned("2026-07-28"));
        assertEquals("server/discover", link.lastSent().method());
    }
}
