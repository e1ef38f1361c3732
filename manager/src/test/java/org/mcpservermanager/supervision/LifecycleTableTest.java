package org.mcpservermanager.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.mcpservermanager.server.Exit;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.RestartPolicy;
import org.mcpservermanager.server.StartStep;
import org.mcpservermanager.server.Wish;
import org.mcpservermanager.supervision.Lifecycle.Moment;
import org.mcpservermanager.supervision.Lifecycle.Rules;

/** Prints the lifecycle function as a table, and holds docs/lifecycle.md against it. */
class LifecycleTableTest {
    private static final Path PAGE = Path.of(System.getProperty("basedir", "."), "..", "docs", "lifecycle.md");
    private static final Problem PROBLEM = new Problem(Problem.PROCESS_EXITED, "died", "");
    private static final Problem BLOCKED = new Problem(Problem.DEPENDENCY_NOT_RUNNING, "no b", "");
    private static final Rules RULES = new Rules(true, RestartPolicy.DEFAULT, 30_000, 600_000);
    private static final Rules OFF = new Rules(false, RestartPolicy.DEFAULT, 30_000, 600_000);
    /** By the end of an input's name. */
    private static final Map<String, Rules> OTHER_RULES = Map.of(
            "with overlap", under(RestartPolicy.DEFAULT.overlapping(true)),
            "(temporary)",
                    under(LifecycleTest.policy(
                            RestartPolicy.Mode.TEMPORARY, true, RestartPolicy.DEFAULT.delay(), Set.of())),
            "(auto_restart: false)",
                    under(LifecycleTest.policy(
                            RestartPolicy.Mode.TRANSIENT, false, RestartPolicy.DEFAULT.delay(), Set.of())),
            "(transient, a code of success)",
                    under(LifecycleTest.policy(
                            RestartPolicy.Mode.TRANSIENT, true, RestartPolicy.DEFAULT.delay(), Set.of(1))),
            "(permanent, a code of success)",
                    under(LifecycleTest.policy(
                            RestartPolicy.Mode.PERMANENT, true, RestartPolicy.DEFAULT.delay(), Set.of(1))));

    private static final Moment MOMENT = new Moment(1_000_000, 0);
    private static final Life DOWN = Life.initial(true, Wish.DOWN);
    private static final Life LAUNCHED = DOWN.wishing(Wish.UP).launching(999_000);
    private static final Life ENDED = LAUNCHED.tree(false, false);

    private static Rules under(RestartPolicy policy) {
        return new Rules(true, policy, 30_000, 600_000);
    }

    @Test
    void thePageIsTheCode() throws IOException {
        if (Boolean.getBoolean("lifecycle.write")) {
            Files.writeString(PAGE, page());
        }
        assertEquals(page(), Files.readString(PAGE), "docs/lifecycle.md is old: run with -Dlifecycle.write=true");
    }

    private static Map<String, Life> lives() {
        Map<String, Life> lives = new LinkedHashMap<>();
        lives.put("DISABLED", Life.initial(false, Wish.DOWN));
        lives.put("STOPPED", DOWN);
        lives.put("STARTING, waiting for a place", DOWN.wishing(Wish.UP).in(Phase.STARTING, StartStep.QUEUED));
        lives.put("STARTING, launched", LAUNCHED.in(Phase.STARTING, StartStep.HANDSHAKE));
        lives.put(
                "STARTING, busy for ten minutes",
                DOWN.wishing(Wish.UP).launching(400_000).in(Phase.STARTING, StartStep.INSTALLING));
        lives.put("RUNNING", LAUNCHED.in(Phase.RUNNING).readyAt(999_000));
        lives.put(
                "RUNNING, five failures in a row before",
                LAUNCHED.in(Phase.RUNNING)
                        .readyAt(999_000)
                        .failed(5, List.of(990_000L, 991_000L, 992_000L, 993_000L, 994_000L)));
        lives.put(
                "RUNNING, stable for a minute after five failures",
                DOWN.wishing(Wish.UP)
                        .launching(900_000)
                        .in(Phase.RUNNING)
                        .readyAt(940_000)
                        .failed(5, List.of(890_000L, 891_000L, 892_000L, 893_000L, 894_000L)));
        lives.put(
                "RUNNING, ten failures in ten minutes before",
                LAUNCHED.in(Phase.RUNNING)
                        .readyAt(999_000)
                        .failed(
                                0,
                                LongStream.range(0, 10)
                                        .mapToObj(i -> 500_000 + i * 50_000)
                                        .toList()));
        Life running = LAUNCHED.in(Phase.RUNNING).readyAt(999_000);
        lives.put(
                "RUNNING, its replacement waits for a place",
                running.beside(running.other().queued()));
        lives.put(
                "RUNNING, its replacement is starting",
                running.beside(running.other().starting(2, 999_500)));
        lives.put(
                "RUNNING, the copy it replaced is ending",
                running.beside(running.other().ending(2)));
        lives.put(
                "RUNNING, to be replaced when the copy it replaced has ended",
                running.beside(running.other().ending(2).again(true)));
        lives.put(
                "STOPPING, both copies",
                LAUNCHED.wishing(Wish.DOWN)
                        .in(Phase.STOPPING)
                        .beside(running.other().ending(2)));
        lives.put("STOPPING", LAUNCHED.wishing(Wish.DOWN).in(Phase.STOPPING));
        lives.put("STOPPING to start again", LAUNCHED.in(Phase.STOPPING).again(true));
        lives.put("BACKOFF, old tree still alive", LAUNCHED.in(Phase.BACKOFF));
        lives.put("BACKOFF", ENDED.in(Phase.BACKOFF));
        lives.put("PARKED", ENDED.in(Phase.PARKED));
        lives.put(
                "PARKED, tried for a call in the last ten seconds",
                ENDED.demanded(995_000).in(Phase.PARKED));
        lives.put(
                "PARKED, because what it requires is not there",
                ENDED.in(Phase.PARKED).because(Optional.of(BLOCKED), Optional.empty()));
        lives.put("RECOVERING", LAUNCHED.in(Phase.RECOVERING));
        lives.put("FATAL", ENDED.in(Phase.FATAL));
        lives.put("EXITED", ENDED.in(Phase.EXITED));
        return lives;
    }

    private static Map<String, Input> inputs(Life life) {
        long generation = life.generation();
        Map<String, Input> inputs = new LinkedHashMap<>();
        if (life.equals(DOWN)) {
            inputs.put("manager starts, a process of before is there", new Input.Recover());
        }
        inputs.put("operator: start", new Input.Start());
        inputs.put("operator: stop", new Input.Stop(false));
        inputs.put("operator: stop by force", new Input.Stop(true));
        inputs.put("operator: restart", new Input.Restart());
        inputs.put("operator: restart with overlap", new Input.Restart());
        inputs.put("a call waits", new Input.Demand());
        inputs.put("place granted", new Input.SlotGranted());
        inputs.put("what it requires will not come", new Input.Blocked(BLOCKED));
        inputs.put("what it requires is ready", new Input.Unblocked());
        inputs.put("what it is bound to ended", new Input.Replace(BLOCKED));
        inputs.put("other rules", new Input.Reconfigured(false));
        inputs.put("another command", new Input.Reconfigured(true));
        inputs.put("another command with overlap", new Input.Reconfigured(true));
        inputs.put("disabled by its rules", new Input.Reconfigured(true));
        inputs.put("handshake done", new Input.Ready(generation));
        inputs.put("launch refused (configuration)", new Input.LaunchRefused(generation, PROBLEM, false));
        inputs.put("launch refused (host)", new Input.LaunchRefused(generation, PROBLEM, true));
        inputs.put("process ended", new Input.Ended(generation, PROBLEM, Optional.of(new Exit(1, 0))));
        if (life.phase() == Phase.RUNNING && life.other().stage() == Life.Other.Stage.NONE) {
            for (String rules : List.of(
                    "(temporary)",
                    "(auto_restart: false)",
                    "(transient, a code of success)",
                    "(permanent, a code of success)")) {
                inputs.put("process ended " + rules, new Input.Ended(generation, PROBLEM, Optional.of(new Exit(1, 0))));
            }
        }
        inputs.put("unhealthy", new Input.Unhealthy(generation, PROBLEM));
        inputs.put("tree empty", new Input.TreeEmpty(generation, true));
        inputs.put("tree cannot be emptied", new Input.TreeEmpty(generation, false));
        inputs.put("alarm", new Input.Alarm(life.alarm(), false));
        if (life.phase() == Phase.STARTING || Overlap.hasPlace(life)) {
            inputs.put("alarm, but it moved", new Input.Alarm(life.alarm(), true));
        }
        if (life.other().stage() != Life.Other.Stage.NONE) {
            addInputsOfTheOther(inputs, life.other().generation());
        }
        inputs.put("manager goes down", new Input.Close());
        return inputs;
    }

    private static void addInputsOfTheOther(Map<String, Input> inputs, long generation) {
        inputs.put("replacement: handshake done", new Input.Ready(generation));
        inputs.put("replacement: launch refused", new Input.LaunchRefused(generation, PROBLEM, false));
        inputs.put("replacement: process ended", new Input.Ended(generation, PROBLEM, Optional.of(new Exit(1, 0))));
        inputs.put("other copy: tree empty", new Input.TreeEmpty(generation, true));
        inputs.put("other copy: tree cannot be emptied", new Input.TreeEmpty(generation, false));
    }

    private static String page() {
        StringBuilder page = new StringBuilder(
                """
                # The life of a server

                Printed from `Lifecycle.next` by `LifecycleTableTest` (write it anew with
                `./mvnw -pl manager test -Dtest=LifecycleTableTest -Dlifecycle.write=true`). Everything not listed under a phase
                changes nothing there. Delays are without jitter (0 to 10 % on top). The restart policy is the standard one
                (`transient`, no code of success) but where an input names another.
                """);
        lives().forEach((name, life) -> {
            page.append("\n## ").append(name).append("\n\n| input | becomes | effects |\n| --- | --- | --- |\n");
            inputs(life).forEach((input, value) -> row(page, life, input, value));
        });
        return page.toString();
    }

    private static void row(StringBuilder page, Life life, String name, Input input) {
        Rules rules = name.startsWith("disabled") ? OFF : rules(name);
        Turn turn = Lifecycle.next(life, input, rules, MOMENT);
        List<String> effects = turn.effects().stream()
                .map(LifecycleTableTest::words)
                .filter(words -> !words.isEmpty())
                .collect(Collectors.toCollection(ArrayList::new));
        if (turn.life().phase() == Phase.RECOVERING) {
            effects.replaceAll(words -> words.equals("launch") ? "take it over" : words);
        }
        if (turn.life().again() && !life.again()) {
            effects.add("start again when the tree is empty");
        }
        if (turn.life().other().again() && !life.other().again()) {
            effects.add("replace it when the other copy has ended");
        }
        if (turn.life().generation() != life.generation()) {
            effects.add(
                    turn.life().phase() == Phase.RECOVERING
                            ? "that process is the copy that counts"
                            : "the replacement is the copy that counts");
        }
        if (turn.life().stuck()) {
            effects.add("say that it is stuck");
        }
        boolean same = turn.life().phase() == life.phase() && effects.isEmpty();
        if (!same) {
            page.append("| ").append(name).append(" | ").append(turn.life().phase());
            page.append(" | ").append(String.join("; ", effects)).append(" |\n");
        }
    }

    private static Rules rules(String input) {
        return OTHER_RULES.entrySet().stream()
                .filter(other -> input.endsWith(other.getKey()))
                .map(Map.Entry::getValue)
                .findAny()
                .orElse(RULES);
    }

    private static String words(Effect effect) {
        if (effect instanceof Effect.AskSlot) {
            return "ask for a place among the starting servers";
        } else if (effect instanceof Effect.ReleaseSlot) {
            return "give the place back";
        } else if (effect instanceof Effect.Launch) {
            return "launch";
        } else if (effect instanceof Effect.EndTree end) {
            return "end the process tree (" + end.ladder().name().toLowerCase(java.util.Locale.ROOT) + ")";
        } else if (effect instanceof Effect.Arm arm) {
            return "alarm in " + arm.delayMillis() / 1000 + " s";
        } else if (effect instanceof Effect.Watch watch) {
            return "alarm in " + watch.delayMillis() / 1000 + " s, looking whether it moves";
        } else if (effect instanceof Effect.Announce announce) {
            return announce.failure().isPresent() ? "say that the replacement failed" : "say that another copy serves";
        } else if (effect instanceof Effect.SaveWish save) {
            return "save the wish " + save.wish();
        }
        return "";
    }
}
