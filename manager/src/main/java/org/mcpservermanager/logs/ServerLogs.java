package org.mcpservermanager.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Text;

/**
 * Writes what servers print, behind everybody's back: a slow or full disk costs lines, which are counted and said in the file, but
 * never a server's or the supervision's time.
 */
public final class ServerLogs implements Consumer<Event>, AutoCloseable {
    static final int QUEUE_LINES_MAX = 10_000;
    static final long QUEUE_CHARS_MAX = 8 << 20;
    static final String CANNOT_WRITE = "log_not_written";
    private static final int LAST_WORDS_SECONDS = 5;
    private static final Logger LOG = Logger.getLogger(ServerLogs.class.getName());

    private final Path directory;
    private final LogLimits limits;
    private final Events events;
    private final Clock clock;
    private final ExecutorService writer;
    private final Events.Subscription subscription;
    private final ArrayDeque<Event.Output> queue = new ArrayDeque<>(); // guarded by queue
    private final Map<ServerId, Long> missing =
            new HashMap<>(); // guarded by queue: lines not written since the last gap line
    private long queuedChars; // guarded by queue
    private boolean due; // guarded by queue
    private boolean failing; // only on the writer's thread

    private ServerLogs(Path directory, LogLimits limits, Events events, Clock clock, ExecutorService writer) {
        this.directory = directory;
        this.limits = limits;
        this.events = events;
        this.clock = clock;
        this.writer = writer;
        this.subscription = events.subscribe(this);
    }

    /** @param writer one thread, owned from now on */
    public static ServerLogs open(
            Path directory, LogLimits limits, Events events, Clock clock, ExecutorService writer) {
        return new ServerLogs(directory, limits, events, clock, writer);
    }

    @Override
    public void accept(Event event) {
        if (event instanceof Event.Output output) {
            synchronized (queue) {
                enter(output);
            }
        }
    }

    private void enter(Event.Output output) {
        if (queue.size() >= QUEUE_LINES_MAX || queuedChars + output.line().length() > QUEUE_CHARS_MAX) {
            missing.merge(output.server(), 1L, Long::sum);
            return;
        }
        queue.add(output);
        queuedChars += output.line().length();
        if (!due) {
            due = true;
            try {
                writer.execute(this::write);
            } catch (RejectedExecutionException closed) {
                LOG.fine("the manager is closed; late output is not written");
            }
        }
    }

    private void write() {
        Map<ServerId, Long> gaps;
        List<Event.Output> lines;
        synchronized (queue) {
            due = false;
            gaps = new HashMap<>(missing);
            missing.clear();
            lines = new ArrayList<>(queue);
            queue.clear();
            queuedChars = 0;
        }
        Map<ServerId, List<byte[]>> batch = new LinkedHashMap<>();
        gaps.forEach((server, count) -> add(batch, server, LogLine.gap(clock.instant(), count)));
        lines.forEach(line -> add(batch, line.server(), LogLine.of(line)));
        Optional<IOException> failure = Optional.empty();
        for (Map.Entry<ServerId, List<byte[]>> each : batch.entrySet()) {
            Optional<IOException> one = write(each.getKey(), each.getValue(), gaps.getOrDefault(each.getKey(), 0L));
            failure = failure.or(() -> one);
        }
        tellOnce(batch.keySet().iterator().next(), failure);
    }

    private static void add(Map<ServerId, List<byte[]>> batch, ServerId server, byte[] line) {
        batch.computeIfAbsent(server, id -> new ArrayList<>()).add(line);
    }

    /** What cannot be written is counted and said as soon as something can. */
    private Optional<IOException> write(ServerId server, List<byte[]> lines, long gap) {
        try {
            new LogFile(directory, server.value(), limits).append(lines);
            return Optional.empty();
        } catch (IOException failure) {
            long lost = gap == 0 ? lines.size() : gap + lines.size() - 1;
            synchronized (queue) {
                missing.merge(server, lost, Long::sum);
            }
            return Optional.of(failure);
        }
    }

    private void tellOnce(ServerId server, Optional<IOException> failure) {
        if (failure.isPresent() == failing) {
            return;
        }
        failing = failure.isPresent();
        failure.ifPresentOrElse(
                why -> LOG.log(Level.WARNING, "the output of servers cannot be written to " + directory, why),
                () -> LOG.info("the output of servers is written to " + directory + " again"));
        Problem problem = new Problem(
                CANNOT_WRITE,
                "the output of servers cannot be written to " + directory
                        + failure.map(why -> ": " + Text.oneLine(String.valueOf(why.getMessage()), 200))
                                .orElse(""),
                "Free space on its disk, or correct its permissions; the lines until then are lost, the servers run on.");
        events.publish(new Event.Alert(server, problem, !failing, clock.instant()));
    }

    /** Writes what waits, if the disk takes it in time. */
    @Override
    public void close() {
        subscription.close();
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
                LOG.warning("the disk did not take the last lines of servers in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
