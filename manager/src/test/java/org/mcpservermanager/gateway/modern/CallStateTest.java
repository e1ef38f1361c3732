package org.mcpservermanager.gateway.modern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.protocol.Message;

class CallStateTest {
    private final Seal seal = Seal.untilTheEnd();
    private final CallState state = new CallState(
            "place",
            "subject",
            2,
            Map.of(
                    "elicitation-1",
                    new CallState.Given("d1", "{\"action\":\"accept\",\"content\":{\"pin\":\"1234\"}}")),
            Map.of("roots-1", "d2"),
            1_000);

    @Test
    void opensAsItWasClosed() {
        assertEquals(Optional.of(state), CallState.open(seal, state.seal(seal), "subject", 999));
    }

    @Test
    void isWorthNothingExpiredOrForAnotherSubjectOrUnderAnotherKey() {
        String sealed = state.seal(seal);

        assertEquals(Optional.empty(), CallState.open(seal, sealed, "subject", 1_000));
        assertEquals(Optional.empty(), CallState.open(seal, sealed, "another", 999));
        assertEquals(Optional.empty(), CallState.open(Seal.untilTheEnd(), sealed, "subject", 999));
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        String sealed = state.seal(seal);

        for (int i = 0; i < sealed.length(); i++) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String forged = sealed.substring(0, i) + other + sealed.substring(i + 1);
            assertTrue(CallState.open(seal, forged, "subject", 999).isEmpty(), "changed at " + i);
        }
        assertTrue(CallState.open(seal, sealed + "-TAMPERED", "subject", 999).isEmpty());
        assertTrue(CallState.open(seal, sealed.substring(0, sealed.length() - 1), "subject", 999)
                .isEmpty());
    }

    @Test
    void saysNothingToWhoCarriesIt() {
        String sealed = state.seal(seal);

        assertFalse(sealed.contains("1234"));
        assertNotEquals(sealed, state.seal(seal));
        assertEquals(4, sealed.split("\\.").length);
    }

    @Test
    void longAnswersAreLeftOut() {
        CallState long1 = new CallState(
                "p", "s", 1, Map.of("k", new CallState.Given("d", "\"" + "x".repeat(70_000) + "\"")), Map.of(), 1_000);

        CallState opened = CallState.open(seal, long1.seal(seal), "s", 1).orElseThrow();

        assertEquals(Map.of(), opened.history());
        assertTrue(long1.seal(seal).length() < 1_000);
    }

    @Test
    void theSubjectIsServerMethodNameArgumentsAndCaller() {
        String subject = subject("one", "{\"name\":\"t\",\"arguments\":{\"a\":1,\"b\":[2,{\"c\":3}]}}", "anna");

        assertEquals(subject, subject("one", "{\"arguments\":{\"b\":[2,{\"c\":3}],\"a\":1},\"name\":\"t\"}", "anna"));
        assertNotEquals(
                subject, subject("two", "{\"name\":\"t\",\"arguments\":{\"a\":1,\"b\":[2,{\"c\":3}]}}", "anna"));
        assertNotEquals(
                subject, subject("one", "{\"name\":\"u\",\"arguments\":{\"a\":1,\"b\":[2,{\"c\":3}]}}", "anna"));
        assertNotEquals(
                subject, subject("one", "{\"name\":\"t\",\"arguments\":{\"a\":2,\"b\":[2,{\"c\":3}]}}", "anna"));
        assertNotEquals(
                subject, subject("one", "{\"name\":\"t\",\"arguments\":{\"a\":1,\"b\":[2,{\"c\":3}]}}", "bert"));
    }

    private static String subject(String server, String params, String caller) {
        return CallState.subject(server, Message.request("1", "tools/call", params), caller);
    }

    private static byte[] key(int value) {
        byte[] key = new byte[Seal.KEY_BYTES];
        key[0] = (byte) value;
        return key;
    }

    @Test
    void whatAnEarlierKeyClosedOpensAsLongAsItIsInTheRing() {
        Seal rotating = Seal.of(List.of(key(1)));
        String before = state.seal(rotating);

        assertTrue(rotating.become(List.of(key(2), key(1))));
        String after = state.seal(rotating);

        assertEquals(Optional.of(state), CallState.open(rotating, before, "subject", 999));
        assertEquals(Optional.of(state), CallState.open(rotating, after, "subject", 999));
        assertEquals(Optional.empty(), CallState.open(Seal.of(List.of(key(1))), after, "subject", 999), "closed by 2");
        assertTrue(rotating.become(List.of(key(2))));
        assertEquals(Optional.empty(), CallState.open(rotating, before, "subject", 999));
        assertFalse(rotating.become(List.of(key(2))));
    }

    @Test
    void managersWithTheSameKeysOpenEachOthersStates() {
        Seal one = Seal.of(List.of(key(1), key(2)));
        Seal other = Seal.of(List.of(key(2), key(1)));

        assertEquals(Optional.of(state), CallState.open(other, state.seal(one), "subject", 999));
        assertEquals(Optional.of(state), CallState.open(one, state.seal(other), "subject", 999));
    }
}
