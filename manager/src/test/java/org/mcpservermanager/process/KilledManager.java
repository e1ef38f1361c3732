package org.mcpservermanager.process;

import java.nio.file.Path;
import java.util.Arrays;

/** A manager to be killed: starts every script it is given, says so, and waits. */
final class KilledManager {
    private KilledManager() {}

    /** @param args state directory, tag, level, scripts */
    public static void main(String[] args) throws Exception {
        try (Household house = new Household(Path.of(args[0]), Levels.named(args[2]))) {
            for (String script : Arrays.asList(args).subList(3, args.length)) {
                Child child = house.sh(script.replace("TAG", args[1]));
                if (!"ready".equals(Household.line(child))) {
                    throw new IllegalStateException("not ready: " + script);
                }
            }
            System.out.println("guardian " + house.launcher.guardianPid());
            System.in.transferTo(System.out);
        }
    }
}
