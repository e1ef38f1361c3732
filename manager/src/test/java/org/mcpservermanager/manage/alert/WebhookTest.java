package org.mcpservermanager.manage.alert;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mcpservermanager.fixture.Warnings;
import org.mcpservermanager.manage.FakeFleet;
import org.mcpservermanager.server.Event;
import org.mcpservermanager.server.Events;
import org.mcpservermanager.server.Phase;
import org.mcpservermanager.server.Problem;
import org.mcpservermanager.server.ProblemException;
import org.mcpservermanager.server.Rule;
import org.mcpservermanager.server.ServerId;
import org.mcpservermanager.server.Snapshot;

@Timeout(30)
class WebhookTest {
    private static final ServerId ECHO = new ServerId("echo");
    private static final int HANGS_UP = -1;
    private final Events events = new Events();
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<JsonObject> received = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile int neverTaken = Integer.MIN_VALUE;
    private HttpServer server;
    private WebhookUrl url;
    private Webhook webhook;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
        url = new WebhookUrl(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook/s3cret"));
        webhook = new Webhook(events, url, workers, timer, Duration.ofMillis(5));
    }

    @AfterEach
    void close() {
        gate.countDown();
        webhook.close();
        server.stop(0);
        timer.shutdownNow();
        workers.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        JsonObject json = Json.createReader(new StringReader(body)).readObject();
        received.add(json);
        try {
            gate.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Integer status = json.getInt("value", -1) == neverTaken ? Integer.valueOf(500) : statuses.poll();
        if (status != null && status == HANGS_UP) {
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().add("Location", "/elsewhere");
        exchange.sendResponseHeaders(status == null ? 204 : status, -1);
        exchange.close();
    }

    private void alert(double value) {
        Problem problem = new Problem(Problem.THRESHOLD_CROSSED, "Too much", "Look");
        Event.Crossing crossing = new Event.Crossing(Rule.MEMORY, value, 100);
        events.publish(new Event.Alert(ECHO, problem, false, Optional.of(crossing), FakeFleet.NOW));
    }

    @Test
    void postsByItselfWhenThreadsCanBeMadeAgain() throws Exception {
        webhook.close();
        AtomicInteger refused = new AtomicInteger();
        Executor shaky = task -> {
            if (refused.getAndIncrement() < 3) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            workers.execute(task);
        };
        webhook = new Webhook(events, url, shaky, timer, Duration.ofMillis(5));
        alert(1);
        assertEquals(1, next());
        alert(2);
        assertEquals(2, next());
    }

    private int next() throws InterruptedException {
        JsonObject json = received.poll(20, TimeUnit.SECONDS);
        return json == null ? -1 : json.getInt("value");
    }

    @Test
    void postsTheAlertAsTheEventItIs() throws Exception {
        alert(123.45);

        JsonObject json = received.poll(20, TimeUnit.SECONDS);
        assertEquals(
                "{\"type\":\"alert:raised\",\"serverId\":\"echo\",\"at\":\"" + FakeFleet.NOW
                        + "\",\"problem\":{\"code\":\"threshold_crossed\",\"message\":\"Too much\",\"remedy\":\"Look\"},"
                        + "\"rule\":\"memory\",\"value\":123.5,\"threshold\":100,"
                        + "\"unit\":\"bytes\"}",
                json.toString());
    }

    @Test
    void postsServersThatWereGivenUpAndNothingElse() throws Exception {
        Snapshot parked = FakeFleet.failed("echo", Phase.PARKED, new Problem("process_exited", "It crashed", "Look"));
        for (Phase phase : List.of(Phase.STARTING, Phase.BACKOFF, Phase.PARKED)) {
            events.publish(new Event.PhaseChanged(
                    ECHO, 3, Phase.RUNNING, phase, Optional.empty(), Optional.empty(), parked, FakeFleet.NOW));
        }
        alert(1);

        assertEquals("parked", received.poll(20, TimeUnit.SECONDS).getString("to"));
        assertEquals(1, next());
    }

    @Test
    void triesAgainWhenTheOtherSideIsInTrouble() throws Exception {
        statuses.addAll(List.of(500, 429, 503));
        alert(1);
        alert(2);

        assertEquals(List.of(1, 1, 1, 1, 2), List.of(next(), next(), next(), next(), next()));
    }

    @Test
    void givesUpAfterSomeAttemptsAndGoesOnWithTheNext() throws Exception {
        neverTaken = 1;
        try (Warnings warnings = Warnings.of(Webhook.class)) {
            alert(1);
            alert(2);

            int arrived = 0;
            int value = next();
            for (; value == 1; value = next()) {
                arrived++;
            }
            assertEquals(2, value);
            assertEquals(1, warnings.with(", attempt 5"), "the JDK's server closes a connection unread now and then");
            assertTrue(arrived > 1 && arrived <= 5, "attempts that arrived: " + arrived);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 307, 400, 404})
    void neitherFollowsRedirectsNorRepeatsWhatIsRefused(int status) throws Exception {
        statuses.add(status);
        alert(1);
        alert(2);

        assertEquals(List.of(1, 2), List.of(next(), next()));
    }

    @Test
    void dropsWhatDoesNotFitAndNeverMakesThePublisherWait() throws Exception {
        gate = new CountDownLatch(1);
        alert(0);
        next();
        for (int i = 1; i < 2 * Webhook.WAITING_MAX; i++) {
            alert(i);
        }
        gate.countDown();

        List<Integer> got = new ArrayList<>();
        for (int i = 1; i < Webhook.WAITING_MAX; i++) {
            got.add(next());
        }
        assertEquals(Webhook.WAITING_MAX - 1, got.get(got.size() - 1), "the first one still held its place");
        alert(9999);
        assertEquals(9999, next());
    }

    @Test
    void postsNothingAfterItsEnd() throws Exception {
        webhook.close();
        alert(1);

        assertNull(received.poll(50, TimeUnit.MILLISECONDS));
    }

    @Test
    void triesAgainWhenTheConnectionBreaks() throws Exception {
        statuses.add(HANGS_UP);
        alert(1);
        alert(2);

        assertEquals(List.of(1, 1, 2), List.of(next(), next(), next()));
    }

    @Test
    void neverShowsThePathOfItsUrl() {
        assertEquals("https://h:8443/...", new WebhookUrl(URI.create("https://h:8443/s3cret?t=s3cret")).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://h/s3cret", "https://u:s3cret@h/", "/s3cret", "https://h/#s3cret", "http:s3cret", "s3 cret"
            })
    void refusesAUrlWithoutRepeatingIt(String url) {
        ProblemException refused = assertThrows(ProblemException.class, () -> WebhookUrl.parse("setting", url));

        assertTrue(refused.getMessage().contains("setting"), refused::getMessage);
        assertFalse(refused.getMessage().contains("cret"), refused::getMessage);
    }

    @Test
    void takesAnAddressOfTheOperatorsOwnNetwork() {
        assertDoesNotThrow(() -> WebhookUrl.parse("setting", "http://10.0.0.1:8080/alerts"));
    }
}
