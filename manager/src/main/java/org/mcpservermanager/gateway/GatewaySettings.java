package org.mcpservermanager.gateway;

import java.time.Duration;
import org.mcpservermanager.gateway.modern.BridgeSettings;
import org.mcpservermanager.stream.EventStreams;

/**
 * Every limit of the gateway.
 *
 * @param body what a request body may cost
 * @param waits how long a request thread waits for a quick answer before the request goes asynchronous
 * @param sessions what client sessions may cost
 * @param questions how long a server waits for a client's answer
 * @param catalogue what the lists of the aggregate may cost
 * @param streams event streams to clients
 * @param bridge what stateless clients keep going at older servers
 */
public record GatewaySettings(
        Body body,
        Waits waits,
        Sessions sessions,
        Questions questions,
        Catalogue catalogue,
        EventStreams.Settings streams,
        BridgeSettings bridge) {
    public static final GatewaySettings DEFAULT = new GatewaySettings(
            Body.DEFAULT,
            Waits.DEFAULT,
            Sessions.DEFAULT,
            Questions.DEFAULT,
            Catalogue.DEFAULT,
            EventStreams.Settings.DEFAULT,
            BridgeSettings.DEFAULT);

    public GatewaySettings(
            Body body,
            Waits waits,
            Sessions sessions,
            Questions questions,
            Catalogue catalogue,
            EventStreams.Settings streams) {
        this(body, waits, sessions, questions, catalogue, streams, BridgeSettings.DEFAULT);
    }

    /**
     * @param deadline from the head of the request to the last byte of its body
     * @param blockedMax request threads that may wait for bodies at once, see {@link org.mcpservermanager.stream.BodyReader}
     */
    public record Body(int bytesMax, Duration deadline, int blockedMax) {
        public static final Body DEFAULT = new Body(4 << 20, Duration.ofSeconds(30), 0);
    }

    public GatewaySettings withBodyDeadline(Duration deadline) {
        Body within = new Body(body.bytesMax(), deadline, body.blockedMax());
        return new GatewaySettings(within, waits, sessions, questions, catalogue, streams, bridge);
    }

    public GatewaySettings withBridge(BridgeSettings other) {
        return new GatewaySettings(body, waits, sessions, questions, catalogue, streams, other);
    }

    public GatewaySettings withHeartbeat(Duration heartbeat) {
        EventStreams.Settings beating = new EventStreams.Settings(heartbeat, streams.eventsMax(), streams.bytesMax());
        return new GatewaySettings(body, waits, sessions, questions, catalogue, beating, bridge);
    }

    /** The same for a server on which waiting is the safe way to read bodies. */
    public GatewaySettings blocking(int blockedMax) {
        return new GatewaySettings(
                new Body(body.bytesMax(), body.deadline(), blockedMax),
                waits,
                sessions,
                questions,
                catalogue,
                streams,
                bridge);
    }

    /** @param threadsMax request threads that may wait at once; zero waits never */
    public record Waits(Duration onThread, int threadsMax) {
        public static final Waits DEFAULT = new Waits(Duration.ofMillis(20), 64);
    }

    /**
     * @param idle after which a session without open stream and call is ended
     * @param replayEvents events kept per session for clients that lost their connection; 0 for none
     */
    public record Sessions(int sessionsMax, Duration idle, int callsMax, int replayEvents, int replayBytes) {
        public static final Sessions DEFAULT = new Sessions(10_000, Duration.ofHours(1), 256, 128, 256 << 10);
    }

    /**
     * @param answer from the question to the client's answer; a person may be thinking
     * @param delivery how long a question waits for a stream to travel on
     */
    public record Questions(Duration answer, Duration delivery, int openMax) {
        public static final Questions DEFAULT = new Questions(Duration.ofMinutes(10), Duration.ofSeconds(10), 64);
    }

    /**
     * @param itemsMax tools (prompts, resources, templates) taken from one server
     * @param pagesMax pages read of one list of one server
     * @param interval at most one refresh of a list, and one list_changed of a kind to clients, in this time
     */
    public record Catalogue(int itemsMax, int pagesMax, int pageSize, Duration interval) {
        public static final Catalogue DEFAULT = new Catalogue(10_000, 100, 1_000, Duration.ofSeconds(1));

        public Catalogue every(Duration other) {
            return new Catalogue(itemsMax, pagesMax, pageSize, other);
        }
    }
}
