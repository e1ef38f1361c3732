package org.mcpservermanager.security;

import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import org.mcpservermanager.server.Json;
import org.mcpservermanager.server.Problem;

/** The one shape of an error on HTTP: code, message, remedy, and the message again as {@code error} for older clients. */
public final class ProblemJson {
    private ProblemJson() {}

    public static JsonObjectBuilder of(Problem problem) {
        return Json.createObjectBuilder()
                .add("error", problem.message())
                .add("code", problem.code())
                .add("message", problem.message())
                .add("remedy", problem.remedy());
    }

    public static byte[] bytes(Problem problem) {
        return of(problem).build().toString().getBytes(StandardCharsets.UTF_8);
    }
}
