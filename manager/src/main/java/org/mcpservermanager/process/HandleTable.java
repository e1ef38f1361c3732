package org.mcpservermanager.process;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mcpservermanager.server.Usage;

/** Machines without /proc: parents and start times are known, groups and environments are not. */
final class HandleTable implements ProcessTable {
    private volatile Map<Long, Journal.Entry> written = Map.of();

    @Override
    public void recall(Collection<Journal.Entry> entries) {
        written = entries.stream().collect(Collectors.toMap(Journal.Entry::pid, Function.identity()));
    }

    /** Start times are exact to the millisecond here, or not known. */
    private Optional<String> marker(Seen seen) {
        return Optional.ofNullable(written.get(seen.pid()))
                .filter(entry -> entry.start() == seen.start() && entry.start() > 0)
                .map(entry -> entry.marker().value());
    }

    @Override
    public Scan scan(long markersSince) {
        Scan scan = new Scan();
        ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .map(HandleTable::seen)
                .forEach(seen -> scan.add(seen, marker(seen)));
        return scan;
    }

    /** Processor time, and memory as {@code ps} tells it, are all that is shown here of what a process uses. */
    @Override
    public Census census(long markersSince, Markers markers) {
        long began = now();
        Map<Long, Long> kilobytes = Resident.kilobytes();
        Census census = new Census(began, kilobytes.isEmpty() ? Usage.Source.JDK : Usage.Source.PS);
        ProcessHandle.allProcesses().filter(ProcessHandle::isAlive).forEach(handle -> {
            long millis =
                    handle.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
            census.add(
                    new Stat(seen(handle), false, millis, -1, kilobytes.getOrDefault(handle.pid(), -1L)),
                    Optional.empty());
        });
        return census;
    }

    @Override
    public int openFiles(long pid) {
        return -1;
    }

    @Override
    public int sockets(long pid) {
        return -1;
    }

    @Override
    public long pageBytes() {
        return 1024;
    }

    @Override
    public long ticksPerSecond() {
        return 1000;
    }

    @Override
    public Optional<Seen> look(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(HandleTable::seen);
    }

    @Override
    public Activity activity(Seen process) {
        return ProcessHandle.of(process.pid())
                .filter(handle -> seen(handle).isSame(process))
                .flatMap(handle -> handle.info().totalCpuDuration())
                .map(cpu -> new Activity(cpu.toMillis(), 0))
                .orElse(Activity.NONE);
    }

    @Override
    public long now() {
        return System.currentTimeMillis();
    }

    @Override
    public String boot() {
        return "unknown";
    }

    private static Seen seen(ProcessHandle handle) {
        long parent = handle.parent().map(ProcessHandle::pid).orElse(0L);
        long start = handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new Seen(handle.pid(), parent, 0, start, false);
    }
}
