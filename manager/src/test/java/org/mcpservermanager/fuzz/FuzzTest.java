package org.mcpservermanager.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mcpservermanager.gateway.FuzzedHeaders;
import org.mcpservermanager.gateway.modern.FuzzedRepeats;
import org.mcpservermanager.protocol.FuzzedMessages;
import org.mcpservermanager.transport.FuzzedEvents;
import org.mcpservermanager.transport.FuzzedLines;

/**
 * Feeds readers of foreign bytes with kept inputs and random changes of them. {@code ./mvnw -pl manager test -Dtest=FuzzTest
 * -Dfuzz.seconds=600} goes on for ten minutes with each; {@code -Dfuzz.target=headers} chooses, {@code -Dseed=N} repeats a run.
 */
class FuzzTest {
    private static final int KEPT_MAX = 2000;
    private static final Duration QUICK = Duration.ofMillis(200);

    private final long seed = Long.getLong("seed", System.nanoTime());

    static Stream<Named<Target>> targets() {
        return Stream.<Target>of(
                        new FuzzedLines(),
                        new FuzzedEvents(),
                        new FuzzedMessages(),
                        new FuzzedHeaders(),
                        new FuzzedRepeats())
                .filter(target -> target.name().matches(System.getProperty("fuzz.target", ".*")))
                .map(target -> Named.of(target.name(), target));
    }

    @ParameterizedTest
    @MethodSource("targets")
    void readsWhateverComes(Target target) {
        Corpus corpus = new Corpus(target.name());
        List<byte[]> inputs = new ArrayList<>(corpus.inputs());
        assertFalse(inputs.isEmpty(), "no kept inputs for " + target.name());
        Set<String> outcomes = new HashSet<>();
        inputs.forEach(input -> outcomes.add(read(target, corpus, input)));
        Random random = new Random(seed);
        Mutator mutator = new Mutator(random);
        long tries = 0;
        for (long end = System.nanoTime() + patience().toNanos(); System.nanoTime() < end; tries++) {
            byte[] input = mutator.mutated(inputs);
            if (outcomes.add(read(target, corpus, input))) {
                keep(inputs, input, random);
            }
        }
        assertTrue(tries > 0, "no input was tried");
        System.out.printf("%s: %d inputs, %d outcomes%n", target.name(), tries, outcomes.size());
    }

    private static void keep(List<byte[]> inputs, byte[] input, Random random) {
        if (inputs.size() < KEPT_MAX) {
            inputs.add(input);
        } else {
            inputs.set(random.nextInt(KEPT_MAX), input);
        }
    }

    private String read(Target target, Corpus corpus, byte[] input) {
        try {
            return target.read(input.clone());
        } catch (Exception | AssertionError | StackOverflowError e) {
            return fail(target.name() + " does not read " + corpus.keep(input) + " (-Dseed=" + seed + ")", e);
        }
    }

    private static Duration patience() {
        return Integer.getInteger("fuzz.seconds") == null
                ? QUICK
                : Duration.ofSeconds(Integer.getInteger("fuzz.seconds"));
    }
}
