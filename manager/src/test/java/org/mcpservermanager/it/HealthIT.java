package org.mcpservermanager.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

@OnServer
class HealthIT {
    private final ManagerUnderTest manager = ManagerUnderTest.get();
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void isReadyWithoutACredential() throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/health/ready");

        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("UP"), answer.body());
    }

    @Test
    void isAlive() throws IOException, InterruptedException {
        assertEquals(200, get("/health/live").statusCode());
    }

    @Test
    void runsInAProcessThatTheTestsCanName() {
        assertTrue(manager.process().isAlive());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(manager.baseUri().resolve(path)).build(), BodyHandlers.ofString());
    }
}
