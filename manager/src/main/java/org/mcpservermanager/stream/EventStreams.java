package org.mcpservermanager.stream;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes event streams and keeps them alive: one timer for all of them writes a comment to each that was silent. */
public final class EventStreams implements AutoCloseable {
    private final Settings settings;
    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final Future<?> heart;

    /**
     * @param heartbeat a client that went away is noticed only by writing to it
     * @param eventsMax events waiting for a slow client before it is closed
     * @param bytesMax bytes waiting; one larger event is taken when nothing else waits
     */
    public record Settings(Duration heartbeat, int eventsMax, int bytesMax) {
        public static final Settings DEFAULT = new Settings(Duration.ofSeconds(15), 1024, 4 << 20);

        public Settings {
            if (heartbeat.isNegative() || heartbeat.isZero()) {
                throw new IllegalArgumentException("heartbeat: " + heartbeat + " (expected: more than 0)");
            }
            if (eventsMax < 1 || bytesMax < 1) {
                throw new IllegalArgumentException(
                        "event stream queue: " + eventsMax + " events, " + bytesMax + " bytes (expected: at least 1)");
            }
        }
    }

    public EventStreams(Settings settings, ScheduledExecutorService timer) {
        this.settings = settings;
        long period = settings.heartbeat().toMillis();
        this.heart = timer.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
    }

    /** A stream that only queues until it is attached to a response. */
    public EventStream create() {
        EventStream stream = new EventStream(settings.eventsMax(), settings.bytesMax());
        open.add(stream);
        stream.onClose(() -> open.remove(stream));
        return stream;
    }

    /** Streams that are not closed. */
    public int count() {
        return open.size();
    }

    void beat() {
        open.forEach(EventStream::beat);
    }

    @Override
    public void close() {
        heart.cancel(false);
        open.forEach(EventStream::close);
    }
}
