package org.mcpservermanager.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mcpservermanager.server.Health;
import org.mcpservermanager.server.HealthPolicy;

/** The verdict as a table: a row is what the checks find, and what the health is after each. */
class HealthStateTest {
    private static final HealthPolicy POLICY = HealthPolicy.DEFAULT;
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final HealthState READY = HealthState.INITIAL.ready(POLICY);

    /** {@code .} answers, {@code s} answers slowly, {@code x} fails, {@code ?} could not be made. */
    private static Finding finding(char c) {
        return switch (c) {
            case '.' -> new Finding.Answered(Duration.ofMillis(3));
            case 's' -> new Finding.Answered(Duration.ofMillis(2001));
            case '=' -> new Finding.Answered(Duration.ofMillis(2000));
            case 'x' -> new Finding.Failed("ping was not answered within 10000 ms");
            default -> new Finding.Undone("could not be checked");
        };
    }

    private static String verdicts(String findings, HealthPolicy policy) {
        StringBuilder verdicts = new StringBuilder();
        HealthState state = HealthState.INITIAL.ready(policy);
        for (int i = 0; i < findings.length(); i++) {
            state = state.next(finding(findings.charAt(i)), policy, AT);
            verdicts.append(state.health().name().charAt(0));
        }
        return verdicts.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "...,HHH",
        "=,H",
        "x,H",
        "xx,HH",
        "xxx,HHU",
        "xxxxx,HHUUU",
        "xx.xx.,HHHHHH",
        "xxx.,HHUU",
        "xxx..,HHUUH",
        "xxx.x..,HHUUUUH",
        "s,D",
        "ss.,DDD",
        "s..,DDH",
        "s.s..,DDDDH",
        "sxxx,DDDU",
        "sx..,DDDH",
        "xxs,HHD",
        "xxxss,HHUUD",
        "xxxs.,HHUUD",
        "xxxs..,HHUUDH",
        "xx?x,HHHU",
        "????,HHHH",
        "xxx?.?.,HHUUUUH"
    })
    void followsWhatTheChecksFind(String findings, String verdicts) {
        assertEquals(verdicts, verdicts(findings, POLICY));
    }

    @Test
    void takesItsThresholdsFromThePolicy() {
        HealthPolicy touchy = new HealthPolicy(
                true,
                POLICY.interval(),
                POLICY.recoveryInterval(),
                POLICY.timeout(),
                1,
                1,
                POLICY.degradedLatency(),
                POLICY.request(),
                HealthPolicy.Way.MCP);
        assertEquals("UHDH", verdicts("x.s.", touchy));
    }

    @Test
    void saysWhatIsWrong() {
        HealthState once = READY.next(finding('x'), POLICY, AT);
        assertEquals(
                List.of("ping was not answered within 10000 ms (failed checks in a row: 1, unhealthy at 3)"),
                once.checks().issues());
        HealthState thrice = once.next(finding('x'), POLICY, AT).next(finding('x'), POLICY, AT);
        assertEquals(
                List.of("ping was not answered within 10000 ms (failed checks in a row: 3)"),
                thrice.checks().issues());
        assertEquals(
                List.of("answers again (1 of 2 checks)"),
                thrice.next(finding('.'), POLICY, AT).checks().issues());
        HealthState slow = READY.next(finding('s'), POLICY, AT);
        assertEquals(
                List.of("answered after 2001 ms (slow: more than 2000 ms)"),
                slow.checks().issues());
        assertEquals(
                List.of("answers in time again (1 of 2 checks)"),
                slow.next(finding('.'), POLICY, AT).checks().issues());
        assertEquals(List.of(), READY.next(finding('.'), POLICY, AT).checks().issues());
    }

    @Test
    void remembersWhenItWasCheckedAndHowFastItAnswered() {
        HealthState state = READY.next(finding('.'), POLICY, AT).next(finding('x'), POLICY, AT.plusSeconds(30));
        assertEquals(Optional.of(AT.plusSeconds(30)), state.checks().lastAt());
        assertEquals(Optional.of(Duration.ofMillis(3)), state.checks().latency());
        assertEquals(2, state.checks().count());
        assertEquals(2, state.next(finding('?'), POLICY, AT).checks().count());
    }

    @Test
    void aNewCopyStartsWithACleanSlateButTheCountGoesOn() {
        HealthState bad = READY.next(finding('x'), POLICY, AT).next(finding('x'), POLICY, AT);
        HealthState gone = bad.critical("died");
        assertEquals(Health.CRITICAL, gone.health());
        assertEquals(List.of("died"), gone.checks().issues());
        HealthState next = gone.ready(POLICY).next(finding('x'), POLICY, AT);
        assertEquals(Health.HEALTHY, next.health());
        assertEquals(1, next.failures());
        assertEquals(3, next.checks().count());
        assertEquals(Health.UNKNOWN, gone.unknown().health());
    }

    @Test
    void nobodyKnowsTheHealthOfAServerThatIsNotChecked() {
        HealthPolicy off = new HealthPolicy(
                false,
                POLICY.interval(),
                POLICY.recoveryInterval(),
                POLICY.timeout(),
                3,
                2,
                POLICY.degradedLatency(),
                POLICY.request(),
                HealthPolicy.Way.MCP);
        assertEquals(Health.UNKNOWN, HealthState.INITIAL.ready(off).health());
    }

    @ParameterizedTest
    @CsvSource({"'',30", "x,10", "x.,30", "s,10", "s.,10", "s..,30", "xxx,10", "xxx..,30"})
    void checksMoreOftenWhileItIsNotWell(String findings, int seconds) {
        HealthState state = READY;
        for (int i = 0; i < findings.length(); i++) {
            state = state.next(finding(findings.charAt(i)), POLICY, AT);
        }
        assertEquals(Duration.ofSeconds(seconds), state.pause(POLICY));
    }

    @Test
    void neverWaitsLongerThanTheInterval() {
        HealthPolicy brisk = new HealthPolicy(
                true,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                POLICY.timeout(),
                3,
                2,
                POLICY.degradedLatency(),
                POLICY.request(),
                HealthPolicy.Way.MCP);
        assertEquals(Duration.ofSeconds(1), READY.next(finding('x'), brisk, AT).pause(brisk));
    }

    @Test
    void keepsItsPromisesWhateverTheChecksFind() {
        long seed = Long.getLong("health.seed", System.nanoTime());
        Random random = new Random(seed);
        HealthState state = READY;
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            HealthState before = state;
            found.append(".sx?".charAt(random.nextInt(4)));
            if (found.length() > 20) {
                found.deleteCharAt(0);
            }
            state = state.next(finding(found.charAt(found.length() - 1)), POLICY, AT);
            String last = found.toString().replace("?", "");
            String where = "-Dhealth.seed=" + seed + ", after ..." + found;
            boolean turned = state.health() == Health.UNHEALTHY && before.health() != Health.UNHEALTHY;
            assertTrue(!turned || last.endsWith("xxx"), where);
            boolean recovered = before.health() == Health.UNHEALTHY && state.health() != Health.UNHEALTHY;
            assertTrue(!recovered || last.matches(".*[.s]{2}"), where);
            boolean well = state.health() == Health.HEALTHY && before.health() == Health.DEGRADED;
            assertTrue(!well || last.endsWith(".."), where);
            assertTrue(state.health() != Health.CRITICAL && state.health() != Health.UNKNOWN, where);
            boolean silent = state.health() == Health.HEALTHY
                    && state.failures() == 0
                    && !found.toString().endsWith("?");
            assertEquals(silent, state.checks().issues().isEmpty(), where);
        }
    }
}
