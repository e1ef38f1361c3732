package org.mcpservermanager.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mcpservermanager.server.ServerId;

/** A manager to be killed: starts every script it is given, says so, and waits. At level "survive" the servers shall outlive it. */
final class KilledManager {
    private KilledManager() {}

    static Process start(Path state, String tag, String level, List<String> scripts) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                KilledManager.class.getName(),
                state.toString(),
                tag,
                level));
        command.addAll(scripts);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** @param args state directory, tag, level, scripts */
    public static void main(String[] args) throws Exception {
        try (Household house = new Household(Path.of(args[0]))) {
            for (String script : Arrays.asList(args).subList(3, args.length)) {
                if (args[2].startsWith("survive")) {
                    Child survivor = house.startSurvivor(script.replace("TAG", args[1]));
                    if (args[2].endsWith("stop")) {
                        survivor.stop(Duration.ZERO, Duration.ofMinutes(5));
                        // the guardian takes its orders in turn: who was asked to end is watched
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
                Child child = house.start(Levels.named(args[2]), script.replace("TAG", args[1]));
                if (!"ready".equals(Household.line(child))) {
                    throw new IllegalStateException("not ready: " + script);
                }
            }
            System.out.println("guardian " + house.launcher.guardianPid());
            System.in.transferTo(System.out);
        }
    }
}
