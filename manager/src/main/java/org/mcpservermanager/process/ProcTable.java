package org.mcpservermanager.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.mcpservermanager.server.Usage;

/**
 * Linux: reads /proc itself, since ProcessHandle costs several times the CPU and shows neither groups nor environments. A process
 * that vanishes while it is read is left out.
 */
final class ProcTable implements ProcessTable {
    private static final File PROC = new File("/proc");
    private static final byte[] VARIABLE = (Marker.VARIABLE + "=").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] UNREADABLE = {0};
    private final Kernel kernel = Kernel.ofThisMachine();

    /** Pid to start of those that showed no environment in the last scan; replaced as a whole by whoever scans. */
    private volatile Map<Long, Long> bareBefore = Map.of();

    static boolean isAvailable() {
        return new File("/proc/self/stat").canRead() && new File("/proc/uptime").canRead();
    }

    @Override
    public Scan scan(long markersSince) {
        Scan scan = new Scan();
        Map<Long, Long> bare = new HashMap<>();
        eachProcess((name, stat) -> {
            if (!stat.dead() && stat.seen().start() >= markersSince) {
                addMarked(scan, name, stat.seen(), bare);
            } else if (!stat.dead()) {
                scan.add(stat.seen(), Optional.empty());
            }
        });
        bareBefore = bare;
        return scan;
    }

    @Override
    public Census census(long markersSince, Markers markers) {
        Census census = new Census(now(), Usage.Source.PROC);
        eachProcess((name, stat) -> {
            if (stat.dead()) {
                census.addDead(stat);
            } else {
                boolean old = stat.seen().start() < markersSince;
                census.add(stat, old ? Optional.empty() : markers.of(stat.seen(), seen -> clearMarker(name)));
            }
        });
        markers.turn();
        return census;
    }

    private static Optional<Optional<String>> clearMarker(String name) {
        byte[] environment = content(name, "environ");
        return environment.length == 0 ? Optional.empty() : Optional.of(marker(environment));
    }

    private static void eachProcess(BiConsumer<String, Stat> visitor) {
        byte[] buffer = new byte[1024];
        String[] names = PROC.list();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0))) {
                read(name, buffer).ifPresent(stat -> visitor.accept(name, stat));
            }
        }
    }

    @Override
    public int openFiles(long pid) {
        return Descriptors.in(new File("/proc/" + pid + "/fd"));
    }

    @Override
    public int sockets(long pid) {
        return Descriptors.socketsIn(new File("/proc/" + pid + "/fd"));
    }

    @Override
    public long pageBytes() {
        return kernel.pageBytes();
    }

    @Override
    public long ticksPerSecond() {
        return kernel.ticksPerSecond();
    }

    /**
     * The kernel shows a new program's command line before its environment, and neither while it puts the program in place. So an
     * environment is taken for empty only when it was so twice, both times with a command line.
     */
    private void addMarked(Scan scan, String name, Seen seen, Map<Long, Long> bare) {
        byte[] environment = content(name, "environ");
        if (environment.length > 0) {
            scan.add(seen, marker(environment));
        } else if (content(name, "cmdline").length == 0) {
            scan.addUnclear(seen);
        } else {
            bare.put(seen.pid(), seen.start());
            if (bareBefore.getOrDefault(seen.pid(), -1L) == seen.start()) {
                scan.add(seen, Optional.empty());
            } else {
                scan.addUnclear(seen);
            }
        }
    }

    @Override
    public Optional<Seen> look(long pid) {
        return read(Long.toString(pid), new byte[1024])
                .filter(stat -> !stat.dead())
                .map(Stat::seen);
    }

    @Override
    public Activity activity(Seen process) {
        String pid = Long.toString(process.pid());
        Optional<Stat> stat = read(pid, new byte[1024])
                .filter(found -> !found.dead() && found.seen().isSame(process));
        if (stat.isEmpty()) {
            return Activity.NONE;
        }
        String io = new String(content(pid, "io"), StandardCharsets.ISO_8859_1);
        return new Activity(
                stat.get().ticks() * 1000 / kernel.ticksPerSecond(),
                io.lines()
                        .filter(ProcTable::isTransfer)
                        .mapToLong(ProcTable::amount)
                        .sum());
    }

    private static boolean isTransfer(String line) {
        return line.startsWith("rchar: ") || line.startsWith("wchar: ");
    }

    private static long amount(String line) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1).strip());
    }

    @Override
    public long now() {
        try {
            String uptime = KernelFile.text("/proc/uptime");
            int point = uptime.indexOf('.');
            long hundredths =
                    Long.parseLong(uptime, 0, point, 10) * 100 + Long.parseLong(uptime, point + 1, point + 3, 10);
            return hundredths * kernel.ticksPerSecond() / 100;
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException("/proc/uptime cannot be read", failure);
        }
    }

    @Override
    public String boot() {
        try {
            return KernelFile.text("/proc/sys/kernel/random/boot_id").strip();
        } catch (IOException unreadable) {
            // Some sandboxes hide it. Entries of an earlier boot then fail the check of start time and marker instead.
            return "unknown";
        }
    }

    private static Optional<Stat> read(String pid, byte[] buffer) {
        try (FileInputStream in = new FileInputStream("/proc/" + pid + "/stat")) {
            int length = in.read(buffer);
            return length <= 0 ? Optional.empty() : Stat.parse(buffer, length);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static byte[] content(String pid, String file) {
        try {
            return KernelFile.bytes("/proc/" + pid + "/" + file);
        } catch (IOException goneOrForeign) {
            return UNREADABLE;
        }
    }

    private static Optional<String> marker(byte[] environment) {
        for (int from = 0; from < environment.length; ) {
            int end = endOfEntry(environment, from);
            if (startsWith(environment, from, end)) {
                return Optional.of(new String(
                        environment,
                        from + VARIABLE.length,
                        end - from - VARIABLE.length,
                        StandardCharsets.ISO_8859_1));
            }
            from = end + 1;
        }
        return Optional.empty();
    }

    private static int endOfEntry(byte[] environment, int from) {
        int end = from;
        while (end < environment.length && environment[end] != 0) {
            end++;
        }
        return end;
    }

    private static boolean startsWith(byte[] environment, int from, int end) {
        return end - from >= VARIABLE.length
                && Arrays.equals(environment, from, from + VARIABLE.length, VARIABLE, 0, VARIABLE.length);
    }
}
