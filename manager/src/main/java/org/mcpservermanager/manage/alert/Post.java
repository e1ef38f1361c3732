package org.mcpservermanager.manage.alert;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** One attempt to deliver one message. Redirects are not followed, answers are not read: neither is needed, and both are risks. */
final class Post {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 10_000;
    private static final long WHOLE_MILLIS = 15_000;

    private Post() {}

    /** What became of it. */
    enum Outcome {
        DELIVERED,
        LATER,
        REFUSED
    }

    /** @return the status of the answer */
    static int send(WebhookUrl url, String json, ScheduledExecutorService timer) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.uri().toURL().openConnection();
        Future<?> deadline = timer.schedule(connection::disconnect, WHOLE_MILLIS, TimeUnit.MILLISECONDS);
        try {
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(CONNECT_MILLIS);
            connection.setReadTimeout(READ_MILLIS);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setUseCaches(false);
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setRequestProperty("User-Agent", "mcp-server-manager");
            connection.setRequestProperty("Connection", "close");
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            return connection.getResponseCode();
        } finally {
            deadline.cancel(false);
            connection.disconnect();
        }
    }

    static Outcome outcome(int status) {
        if (status >= 200 && status < 300) {
            return Outcome.DELIVERED;
        }
        return status == 408 || status == 429 || status >= 500 || status < 0 ? Outcome.LATER : Outcome.REFUSED;
    }
}
