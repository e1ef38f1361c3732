package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mcpservermanager.fixture.Launching;
import org.mcpservermanager.server.ServerId;

/** A manager to be killed: starts every script it is given, says so, and waits. At level "survive" the servers shall outlive it. */
final class KilledManager {
    private KilledManager() {}

    static Process start(Path state, String tag, String level, List<String> scripts) throws IOException {
        return builder(List.of(), state, tag, level, scripts)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Its stderr is the caller's. */
    static Process start(List<String> before, Path state, String tag, String level, List<String> scripts)
            throws IOException {
        return builder(before, state, tag, level, scripts).start();
    }

    private static ProcessBuilder builder(
            List<String> before, Path state, String tag, String level, List<String> scripts) {
        List<String> command = new ArrayList<>(before);
        command.addAll(Launching.onThisClassPath(KilledManager.class, state.toString(), tag, level));
        command.addAll(scripts);
        return new ProcessBuilder(command);
    }

    /** @param args state directory, tag, level, scripts */
    public static void main(String[] args) throws Exception {
        try (Household house = new Household(Path.of(args[0]))) {
            for (String script : Arrays.asList(args).subList(3, args.length)) {
                if (args[2].startsWith("survive as ")) {
                    String user = args[2].substring("survive as ".length());
                    house.launcher.launch(
                            house.as(user, script.replace("TAG", args[1])).outliving(Household.SURVIVAL));
                    Eventually.becomes(2, Duration.ofSeconds(10), () -> Household.alive(args[1])
                            .size());
                    continue;
                }
                if (args[2].startsWith("survive in a container")) {
                    Child survivor = house.startContainedSurvivor(script, args[1]);
                    if (args[2].endsWith("stop")) {
                        survivor.stop(Duration.ZERO, Duration.ofMinutes(5));
                        // what asks the server goes through the runtime, long after the guardian was told
                        Path asked = Path.of(args[0], "asked");
                        Eventually.becomes(true, Duration.ofSeconds(20), () -> Files.exists(asked));
                    }
                    continue;
                }
                if (args[2].startsWith("survive")) {
                    Child survivor = house.startSurvivor(script.replace("TAG", args[1]));
                    if (args[2].endsWith("stop")) {
                        Eventually.becomes(true, Duration.ofSeconds(20), () -> isAnyHalted(args[1]));
                        survivor.stop(Duration.ZERO, Duration.ofMinutes(5));
                        // It had halted, and goes on by an order of the guardian, which takes its orders in turn: it is
                        // watched.
                        Path asked = Path.of(args[0], "asked");
                        Eventually.becomes(true, Duration.ofSeconds(20), () -> Files.exists(asked));
                    }
                    continue;
                }
                if (args[2].equals("adopt")) {
                    Child adopted = house.launcher.adopt(new ServerId(script)).orElseThrow();
                    Eventually.becomes(Condition.ALIVE, Duration.ofSeconds(5), adopted::condition);
                    continue;
                }
                if (args[2].startsWith("as ")) {
                    Child child = house.launcher.launch(house.as(args[2].substring(3), script.replace("TAG", args[1])));
                    requireReady(child, script);
                    continue;
                }
                Child child = house.start(Levels.named(args[2]), script.replace("TAG", args[1]));
                requireReady(child, script);
            }
            System.out.println("guardian " + house.launcher.guardianPid());
            System.in.transferTo(System.out);
        }
    }

    private static boolean isAnyHalted(String tag) {
        ProcTable table = new ProcTable();
        return Household.alive(tag).stream()
                .map(line -> Long.valueOf(line.substring(0, line.indexOf(' '))))
                .anyMatch(pid -> table.look(pid).filter(Seen::stopped).isPresent());
    }

    private static void requireReady(Child child, String script) throws IOException {
        if (!"ready".equals(Household.line(child))) {
            throw new IllegalStateException("not ready: " + script);
        }
    }
}
