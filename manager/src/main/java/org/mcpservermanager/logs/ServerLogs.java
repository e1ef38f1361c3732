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
    private final ArrayDeque<Queued> queue = new ArrayDeque<>(); // guarded by queue
    private final Map<ServerId, Long> left =
            new HashMap<>(); // guarded by queue: lines that did not fit, since the last one that did
    private long queuedChars; // guarded by queue
    private boolean due; // guarded by queue
    private final Map<ServerId, Long> lost =
            new HashMap<>(); // only on the writer's thread: lines that the disk did not take
    private boolean failing; // only on the writer's thread

    private record Queued(Event.Output output, long missingBefore) {}

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
            left.merge(output.server(), 1L, Long::sum);
            return;
        }
        Long missing = left.remove(output.server());
        queue.add(new Queued(output, missing == null ? 0 : missing));
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
        Map<ServerId, Long> leftAtEnd;
        List<Queued> lines;
        synchronized (queue) {
            due = false;
            leftAtEnd = new HashMap<>(left);
            left.clear();
            lines = new ArrayList<>(queue);
            queue.clear();
            queuedChars = 0;
        }
        Map<ServerId, Batch> batches = new LinkedHashMap<>();
        for (Queued each : lines) {
            Batch batch = batch(batches, each.output().server());
            batch.gap(each.missingBefore());
            batch.line(each.output());
        }
        leftAtEnd.forEach((server, count) -> batch(batches, server).gap(count));
        Optional<IOException> failure = Optional.empty();
        for (Map.Entry<ServerId, Batch> each : batches.entrySet()) {
            Optional<IOException> one = write(each.getKey(), each.getValue());
            failure = failure.or(() -> one);
        }
        tellOnce(batches.keySet().iterator().next(), failure);
    }

    /** Begins with what could not be written before. */
    private Batch batch(Map<ServerId, Batch> batches, ServerId server) {
        return batches.computeIfAbsent(server, id -> {
            Batch batch = new Batch();
            batch.gap(lost.getOrDefault(id, 0L));
            return batch;
        });
    }

    private final class Batch {
        private final List<byte[]> records = new ArrayList<>();
        private long lines; // with those that are missing

        private void line(Event.Output output) {
            records.add(LogLine.of(output));
            lines++;
        }

        private void gap(long missing) {
            if (missing > 0) {
                records.add(LogLine.gap(clock.instant(), missing));
                lines += missing;
            }
        }
    }

    /** What cannot be written is counted and said as soon as something can. */
    private Optional<IOException> write(ServerId server, Batch batch) {
        try {
            new LogFile(directory, server.value(), limits).append(batch.records);
            lost.remove(server);
            return Optional.empty();
        } catch (IOException failure) {
            lost.put(server, batch.lines);
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
