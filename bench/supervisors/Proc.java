import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What the kernel says of processes. */
final class Proc {
    private static final long TICKS_A_SECOND = 100;

    private Proc() {}

    static boolean lives(long pid) {
        String[] fields = stat(pid);
        return fields.length > 0 && !fields[0].equals("Z") && !fields[0].equals("X");
    }

    static long living(Collection<Long> pids) {
        return pids.stream().filter(Proc::lives).count();
    }

    static double cpuSeconds(Collection<Long> pids) {
        return pids.stream()
                .map(Proc::stat)
                .filter(fields -> fields.length > 0)
                .mapToDouble(fields -> (double) (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND)
                .sum();
    }

    /** Proportional set size, so that pages shared by many small supervisors count once. */
    static long memoryKib(Collection<Long> pids) {
        long sum = 0;
        for (long pid : pids) {
            try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
                sum += lines.filter(line -> line.startsWith("Pss:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum();
            } catch (java.io.IOException | java.io.UncheckedIOException gone) {
                // it ended meanwhile
            }
        }
        return sum;
    }

    static List<Long> childrenOf(long parent) {
        List<Long> children = new ArrayList<>();
        ProcessHandle.of(parent).stream()
                .flatMap(ProcessHandle::children)
                .map(ProcessHandle::pid)
                .forEach(children::add);
        return children;
    }

    static boolean isGuardian(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains("Ends the manager's process trees");
        } catch (java.io.IOException gone) {
            return false;
        }
    }

    /** From the state on; empty for a process that is gone. */
    private static String[] stat(long pid) {
        try {
            String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return text.substring(text.lastIndexOf(')') + 2).split(" ");
        } catch (java.io.IOException gone) {
            return new String[0];
        }
    }
}
