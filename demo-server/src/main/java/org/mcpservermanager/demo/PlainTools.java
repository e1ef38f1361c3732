package org.mcpservermanager.demo;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** Tools that need nothing of the client. */
final class PlainTools {
    private static final int DIGITS_MAX = 100;
    private static final int EXPONENT_MAX = 308;
    private static final int FROM_MAX = 10_000;
    private static final int DELAY_MILLIS_MAX = 60_000;
    private static final long STARTED_NANOS = System.nanoTime();
    private final Session session;
    private final Rpc rpc;
    private final Ticks ticks;

    PlainTools(Session session, Rpc rpc, Ticks ticks) {
        this.session = session;
        this.rpc = rpc;
        this.ticks = ticks;
    }

    List<Tool> tools() {
        return List.of(
                Tool.quick(ECHO, (call, arguments) -> Tool.text(arguments.text("text"))),
                Tool.quick(ADD, (call, arguments) -> add(arguments)),
                Tool.waiting(COUNTDOWN, PlainTools::countdown),
                Tool.quick(SERVER_INFO, (call, arguments) -> serverInfo()),
                Tool.quick(LOG, (call, arguments) -> log(arguments)),
                Tool.quick(TICK, (call, arguments) -> Tool.text("ticks: " + ticks.advance())));
    }

    private static Json.Obj add(Params arguments) throws RpcError {
        BigDecimal sum = decimal(arguments, "a").add(decimal(arguments, "b"));
        return Tool.structured(Json.object().with("sum", new Json.Num(sum.toString())));
    }

    /** Bounded, because a sum of 1e999999999 and 1 has a thousand million digits. */
    private static BigDecimal decimal(Params arguments, String name) throws RpcError {
        String token = arguments.number(name).token();
        try {
            BigDecimal value = token.length() > DIGITS_MAX ? null : new BigDecimal(token);
            if (value != null && Math.abs((long) value.scale()) <= EXPONENT_MAX) {
                return value;
            }
        } catch (NumberFormatException e) {
            // An exponent that does not fit an int: refused below like every other number that is too large.
        }
        throw RpcError.invalidParams(name + ": too large (expected: at most " + DIGITS_MAX + " characters, exponent to "
                + EXPONENT_MAX + ")");
    }

    private static Json.Obj countdown(Call call, Params arguments) throws RpcError {
        int from = arguments.integer("from", 3);
        int delay = arguments.integer("delayMillis", 100);
        if (from < 0 || from > FROM_MAX || delay < 0 || delay > DELAY_MILLIS_MAX) {
            return Tool.failed("from: " + from + " (expected: 0 to " + FROM_MAX + "), delayMillis: " + delay
                    + " (expected: 0 to " + DELAY_MILLIS_MAX + ")");
        }
        for (int left = from; left > 0; left--) {
            if (!call.pause(Duration.ofMillis(delay))) {
                return Tool.failed("cancelled at " + left);
            }
            call.progress(from - left + 1L, from, left + " to go");
        }
        return Tool.text("Counted down from " + from + ".");
    }

    private Json.Obj serverInfo() {
        return Tool.structured(Json.object()
                .with("pid", ProcessHandle.current().pid())
                .with("uptimeMillis", (System.nanoTime() - STARTED_NANOS) / 1_000_000)
                .with("protocolVersion", session.revision())
                .with("java", Runtime.version().toString())
                .with("directory", System.getProperty("user.dir", "")));
    }

    private Json.Obj log(Params arguments) throws RpcError {
        String level = arguments.text("level", "info");
        String message = arguments.text("message");
        if (!session.logs(level)) {
            return Tool.text("not sent: below the level the client set");
        }
        rpc.tell(
                "notifications/message",
                Json.object()
                        .with("level", level)
                        .with("logger", arguments.text("logger", "demo"))
                        .with("data", message));
        return Tool.text("sent");
    }

    private static final String ECHO =
            """
            {"name":"echo","title":"Echo","description":"Returns the text it was given.",
             "inputSchema":{"type":"object","properties":{"text":{"type":"string","description":"What to return."}},
              "required":["text"]},
             "annotations":{"title":"Echo","readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}}""";

    private static final String ADD =
            """
            {"name":"add","title":"Add","description":"Adds two numbers, exactly.",
             "inputSchema":{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"number"}},"required":["a","b"]},
             "outputSchema":{"type":"object","properties":{"sum":{"type":"number"}},"required":["sum"]},
             "annotations":{"title":"Add","readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}}""";

    private static final String COUNTDOWN =
            """
            {"name":"countdown","title":"Countdown",
             "description":"Counts down, reporting progress after each step; can be cancelled.",
             "inputSchema":{"type":"object","properties":{
              "from":{"type":"integer","minimum":0,"maximum":10000,"default":3,"description":"Number of steps."},
              "delayMillis":{"type":"integer","minimum":0,"maximum":60000,"default":100,"description":"Wait before each step."}}},
             "annotations":{"title":"Countdown","readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}}""";

    private static final String SERVER_INFO =
            """
            {"name":"server_info","title":"Server information",
             "description":"Tells the process id and the uptime of this server, and what was negotiated.",
             "inputSchema":{"type":"object","properties":{}},
             "outputSchema":{"type":"object","properties":{"pid":{"type":"integer"},"uptimeMillis":{"type":"integer"},
              "protocolVersion":{"type":"string"},"java":{"type":"string"},"directory":{"type":"string"}},
              "required":["pid","uptimeMillis","protocolVersion","java","directory"]},
             "annotations":{"title":"Server information","readOnlyHint":true,"destructiveHint":false,"idempotentHint":true,"openWorldHint":false}}""";

    private static final String LOG =
            """
            {"name":"log","title":"Log","description":"Sends a log message to the client, if it is not below the level the client set.",
             "inputSchema":{"type":"object","properties":{"message":{"type":"string"},
              "level":{"type":"string","default":"info",
               "enum":["debug","info","notice","warning","error","critical","alert","emergency"]},
              "logger":{"type":"string","default":"demo"}},"required":["message"]},
             "annotations":{"title":"Log","readOnlyHint":true,"destructiveHint":false,"idempotentHint":false,"openWorldHint":false}}""";

    private static final String TICK =
            """
            {"name":"tick","title":"Tick","description":"Advances the resource demo://ticks by one.",
             "inputSchema":{"type":"object","properties":{}},
             "annotations":{"title":"Tick","readOnlyHint":false,"destructiveHint":false,"idempotentHint":false,"openWorldHint":false}}""";
}
